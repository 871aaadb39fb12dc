// What cannot be guessed, and passwords that cannot be read back.
#pragma once

#include <string>
#include <string_view>

namespace crm {

// 32 random bytes of the system as 64 hexadecimal digits.
std::string random_token();
// Hexadecimal. For tokens that are random themselves; passwords have their own.
std::string sha256_hex(std::string_view text);
// Takes as long for the first byte that differs as for the last.
bool same_secret(std::string_view a, std::string_view b);

// Argon2id with a salt of its own, as the text "$argon2id$v=19$…".
std::string hash_password(const std::string& password);
// False for a hash that is no hash, too.
bool verify_password(const std::string& hash, const std::string& password);

}  // namespace crm
