#include <sys/random.h>

#include "laurel/entropy.hpp"

namespace laurel {

Result<Entropy::Bytes> SystemEntropy::draw() const {
  Bytes bytes{};
  if (getentropy(bytes.data(), bytes.size()) == 0) return bytes;
  return Error{ErrorCode::kStoreFailed, "the operating system gives no random bytes"};
}

}  // namespace laurel
