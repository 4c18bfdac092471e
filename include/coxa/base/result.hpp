#pragma once

#include <string>
#include <tl/expected.hpp>

namespace coxa {

/// Why an operation failed; the command line turns it into its exit code.
enum class ErrorCode {
  BadInput,   ///< the user's data is wrong: the message names the file, what is wrong and what to do
  Usage,      ///< an argument is wrong
  Cancelled,  ///< the user stopped it
  Internal    ///< a fault of ours
};

/// An expected failure. `message` is a sentence for the user, `detail` is for the log. Neither holds patient
/// data.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;
  std::string detail;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string detail = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail)});
}
inline tl::unexpected<Error> badInput(std::string message, std::string detail = {}) {
  return fail(ErrorCode::BadInput, std::move(message), std::move(detail));
}
inline tl::unexpected<Error> cancelled() {
  return fail(ErrorCode::Cancelled, "Cancelled.");
}
inline tl::unexpected<Error> internalError(std::string message, std::string detail = {}) {
  return fail(ErrorCode::Internal, std::move(message), std::move(detail));
}

}  // namespace coxa
