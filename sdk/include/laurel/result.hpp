#pragma once
// Result<T>: a value or an Error. Nothing in the SDK throws across this surface.
//
//   auto receipt = engine.post(sale);
//   if (!receipt) return report(receipt.error());
//   show(receipt->points);
//
// value() and operator-> on an error, and error() on a value, are bugs of the caller and stop the
// process with a message.

#include <optional>
#include <utility>
#include <variant>

#include "laurel/error.hpp"

namespace laurel {

namespace detail {
[[noreturn]] void wrong_access(const Error* error);
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }

  T& value() & { return access(*this); }
  const T& value() const& { return access(*this); }
  T&& value() && { return std::move(access(*this)); }
  T& operator*() & { return access(*this); }
  const T& operator*() const& { return access(*this); }
  T&& operator*() && { return std::move(access(*this)); }
  T* operator->() { return &access(*this); }
  const T* operator->() const { return &access(*this); }

  const Error& error() const& {
    if (ok()) detail::wrong_access(nullptr);
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    if (ok()) detail::wrong_access(nullptr);
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  template <class Self>
  static auto& access(Self& self) {
    if (!self.ok()) detail::wrong_access(std::get_if<1>(&self.state_));
    return *std::get_if<0>(&self.state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_; }
  bool ok() const { return !error_; }
  const Error& error() const& {
    if (ok()) detail::wrong_access(nullptr);
    return *error_;
  }
  Error&& error() && {
    if (ok()) detail::wrong_access(nullptr);
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace laurel
