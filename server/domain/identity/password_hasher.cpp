#include "server/domain/identity/password_hasher.h"

#include "server/base/assert.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/text.h"

#include <sodium.h>

#include <utility>

namespace cluse::domain {

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost), threads_(cost.parallel_max, cost.waiting_max) {
  CLUSE_ASSERT(sodium_init() >= 0, "libsodium has a source of randomness");
  auto dummy = hash_now(new_token());
  CLUSE_ASSERT(dummy.has_value(), "the memory that one password hash takes is there");
  dummy_ = *dummy;
}

Result<std::string> PasswordHasher::hash_now(const std::string& password) const {
  const std::string text = compose(password);
  char out[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(out, text.data(), text.size(), cost_.passes, cost_.memory_bytes) != 0)
    return fail(Errc::unavailable, "overloaded", "no memory for a password hash");
  return std::string(out);
}

Task<Result<std::string>> PasswordHasher::hash(std::string password) {
  auto work = [this, password = std::move(password)]() -> Result<std::string> { return hash_now(password); };
  auto hashed = co_await threads_.run(std::move(work));
  co_return hashed;
}

Task<Result<bool>> PasswordHasher::verify(std::string stored, std::string password) {
  auto work = [this, stored = std::move(stored), password = std::move(password)]() -> Result<bool> {
    const std::string text = compose(password);
    const std::string& against = stored.empty() ? dummy_ : stored;
    const bool same = crypto_pwhash_str_verify(against.c_str(), text.data(), text.size()) == 0;
    return same && !stored.empty();
  };
  auto verified = co_await threads_.run(std::move(work));
  co_return verified;
}

}  // namespace cluse::domain
