// The console as a browser gets it, and what its scripts ask of the API.

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "api_fixture.hpp"
#include "app/console.hpp"
#include "app/routes.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

using daemon::console_files;
using daemon::ConsoleFile;

constexpr const char* kFolder = LAUREL_SOURCE_DIR "/daemon/console";

std::string text_in_tree(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(std::filesystem::path(kFolder) / name).rdbuf();
  return text.str();
}

// What the first group of an expression finds in the files that end so.
std::set<std::string> found_in(std::string_view ending, const std::string& expression) {
  std::set<std::string> all;
  const std::regex wanted(expression);
  for (const ConsoleFile& file : console_files()) {
    if (!file.name.ends_with(ending)) continue;
    const std::string text(file.text);
    for (std::sregex_iterator each(text.begin(), text.end(), wanted), end; each != end; ++each) {
      all.insert((*each)[1]);
    }
  }
  return all;
}

std::string address_of(const ConsoleFile& file) { return "/console/" + std::string(file.name); }
std::string tag_of(const ConsoleFile& file) {
  return "\"" + std::string(file.digest.substr(0, 32)) + "\"";
}

TEST(Console, holds_the_files_of_its_folder_as_they_are) {
  std::map<std::string, std::string> in_tree, embedded;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    in_tree[name] = text_in_tree(name);
  }
  for (const ConsoleFile& file : console_files()) embedded[std::string(file.name)] = file.text;
  EXPECT_EQ(embedded, in_tree);
}

TEST(Console, speaks_to_no_other_host) {
  const std::string other =
      R"(((?:https?:)?//(?!www\.w3\.org/2000/svg")[a-z0-9][^\s"']*\.[^\s"']*))";
  for (const char* ending : {".html", ".css", ".js", ".svg"}) {
    EXPECT_THAT(found_in(ending, other), testing::IsEmpty()) << ending;
  }
}

TEST(Console, has_no_script_or_style_in_its_page) {
  EXPECT_THAT(found_in(".html", R"((<script(?![^>]* src="[\w.]+"></script>)[^>]*>))"),
              testing::IsEmpty());
  EXPECT_THAT(found_in(".html", R"((<style|\sstyle=|\son[a-z]+=|javascript:))"),
              testing::IsEmpty());
}

TEST(Console, never_reads_text_as_markup_or_script) {
  const std::string markup = R"((\b(?:inner|outer)HTML|insertAdjacentHTML|document\.write|)"
                             R"(createContextualFragment|DOMParser|\beval\(|new Function))";
  EXPECT_THAT(found_in(".js", markup), testing::IsEmpty());
}

TEST(Console, keeps_the_key_in_the_session_and_out_of_addresses) {
  EXPECT_THAT(found_in(".js", R"((localStorage|document\.cookie))"), testing::IsEmpty());
  EXPECT_THAT(found_in(".js", R"((sessionStorage\.setItem\(key_place))"), testing::SizeIs(1));
}

TEST(Console, imports_and_links_only_what_is_served) {
  std::set<std::string> served;
  for (const ConsoleFile& file : console_files()) served.insert(std::string(file.name));
  std::set<std::string> used = found_in(".js", R"re(from "\./([^"]+)")re");
  used.merge(found_in(".html", R"re((?:src|href)="([\w]+\.\w+)")re"));
  EXPECT_THAT(used, testing::IsSupersetOf({"api.js", "app.js", "console.css", "laurel.svg"}));
  EXPECT_TRUE(std::ranges::includes(served, used)) << testing::PrintToString(used);
}

TEST(Console, asks_only_routes_that_the_daemon_has) {
  std::set<std::string> routes;
  for (const daemon::Route& route : daemon::all_routes()) {
    if (route.only_in_sandbox) continue;
    routes.insert(std::string(route.method) + " " + std::string(route.pattern));
  }
  const auto asked = found_in(".js", R"re("((?:GET|POST|PUT|PATCH|DELETE) /[^"]*)")re");
  EXPECT_THAT(asked, testing::Contains("POST /v1/members/lookup"));
  for (const std::string& each : asked) EXPECT_TRUE(routes.contains(each)) << each;
  // Any other way of writing an address would escape the line above.
  EXPECT_THAT(found_in(".js", R"re((["'`]/v1\S*))re"), testing::IsEmpty());
}

class ConsoleServed : public ApiTest {};

TEST_F(ConsoleServed, every_file_has_its_type_and_a_strict_policy) {
  const std::map<std::string, std::string> types = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
  };
  for (const ConsoleFile& file : console_files()) {
    const Answer answer = get(address_of(file));
    const std::string ending(file.name.substr(file.name.rfind('.')));
    EXPECT_EQ(answer.status, 200) << file.name;
    EXPECT_EQ(answer.body, file.text) << file.name;
    EXPECT_TRUE(answer.has("Content-Type: " + types.at(ending))) << answer.head;
    EXPECT_TRUE(answer.has("X-Content-Type-Options: nosniff")) << answer.head;
    EXPECT_TRUE(answer.has("Cache-Control: no-cache")) << answer.head;
    EXPECT_TRUE(answer.has("ETag: " + tag_of(file))) << answer.head;
    EXPECT_TRUE(
        answer.has("Content-Security-Policy: default-src 'none'; script-src 'self'; "
                   "style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                   "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"))
        << answer.head;
  }
}

TEST_F(ConsoleServed, the_page_stands_at_the_folder_and_the_folder_is_found_without_its_slash) {
  EXPECT_EQ(get("/console/").body, text_in_tree("index.html"));
  const Answer moved = get("/console");
  EXPECT_EQ(moved.status, 308);
  EXPECT_TRUE(moved.has("Location: console/")) << moved.head;
}

TEST_F(ConsoleServed, what_the_browser_has_is_not_sent_again) {
  const ConsoleFile& file = console_files().front();
  for (const std::string& known : {tag_of(file), "W/" + tag_of(file), "\"x\", " + tag_of(file)}) {
    const Answer answer = ask("GET", address_of(file), "", "If-None-Match: " + known + "\r\n");
    EXPECT_EQ(answer.status, 304) << known;
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(answer.has("ETag: " + tag_of(file))) << answer.head;
  }
  EXPECT_EQ(ask("GET", address_of(file), "", "If-None-Match: \"x\"\r\n").status, 200);
}

TEST_F(ConsoleServed, nothing_else_is_to_be_had) {
  for (const char* name : {"nothing.js", "..%2Fmain.cpp", "%2e%2e", "index.html%2F", "APP.JS"}) {
    EXPECT_EQ(verdict(get("/console/" + std::string(name))), "404 not_found") << name;
  }
  RawClient client(daemon_->port());
  EXPECT_EQ(verdict(client.ask(get_request("/console/app.js/x"))), "404 not_found");
}

TEST_F(ConsoleServed, needs_no_key_where_the_api_does) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("programme.yaml")) << kProgramme;
  daemon::ServeOptions options;
  options.programme = folder.path().string();
  options.store = "memory:";
  options.listen = "127.0.0.1:0";
  options.keys = folder.file("keys.jsonl");
  options.log_level = "off";
  start(options);
  EXPECT_EQ(get("/console/").status, 200);
  EXPECT_EQ(get("/v1/programme").status, 401);
  daemon_.reset();
}

}  // namespace
}  // namespace laurel::test
