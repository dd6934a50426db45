#pragma once
// The executable as scripts see it: what it says on both streams, and its exit code.

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace laurel::test {

struct Done {
  int code = -1;
  std::string text;  // both streams

  bool says(const std::string& part) const { return text.find(part) != std::string::npos; }
};

// `before`: what the shell does first, such as "cd /tmp &&" or "NAME=value".
inline Done laurel(const std::string& arguments, const std::string& before = "") {
  const std::string command = before + " '" LAUREL_EXECUTABLE "' " + arguments + " 2>&1";
  Done done;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return done;
  std::array<char, 4096> bytes;
  for (std::size_t size; (size = fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    done.text.append(bytes.data(), size);
  }
  const int status = pclose(pipe);
  done.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return done;
}

}  // namespace laurel::test
