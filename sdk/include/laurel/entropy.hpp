#pragma once
// Where the SDK gets unguessable bytes from. It asks once in the life of a store, for the secret
// from which the codes of all its vouchers are derived; nothing else in the SDK is random.

#include <array>
#include <cstdint>

#include "laurel/result.hpp"

namespace laurel {

class Entropy {
 public:
  using Bytes = std::array<std::uint8_t, 32>;
  virtual ~Entropy() = default;
  // From any thread. kStoreFailed: there are none to be had.
  virtual Result<Bytes> draw() const = 0;
};

// The operating system's; the one place in the SDK that reads it.
class SystemEntropy final : public Entropy {
 public:
  Result<Bytes> draw() const override;
};

}  // namespace laurel
