// Signature: Ed25519 over the file list of an archive. A signer is a public key: 64 lower-case hexadecimal digits.
//
// Thread: any (files: blocking).
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"

#include <filesystem>
#include <string>

namespace cluse::plugin {

struct Signature {
  std::string signer;  ///< the public key
  std::string value;   ///< 128 lower-case hexadecimal digits
};

/// Makes a key in a new file that only its owner may read (PKCS #8, PEM). Its signer. Codes: "plugin_key_wrong" (the
/// file is there already), "storage_error".
[[nodiscard]] Result<std::string> make_key(const std::filesystem::path& file);

/// Code "plugin_key_wrong": no Ed25519 key without a password is in `key`.
[[nodiscard]] Result<Signature> sign(BytesView message, const std::filesystem::path& key);

/// True if the holder of `signature.signer` signed exactly these octets.
[[nodiscard]] bool is_signed(BytesView message, const Signature& signature);

}  // namespace cluse::plugin
