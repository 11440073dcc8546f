// 128-bit integers, which every compiler we build with has: products of two 64-bit numbers fit.
#pragma once

namespace cluse::domain::money {

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

/// `n ÷ d`, rounded half away from zero. Requires: d > 0 and below 2^126.
[[nodiscard]] constexpr Wide divide_rounded(Wide n, Wide d) {
  const Wide quotient = n / d, rest = n % d;
  const Wide magnitude = rest < 0 ? -rest : rest;
  if (magnitude < d - magnitude) return quotient;
  return n < 0 ? quotient - 1 : quotient + 1;
}

}  // namespace cluse::domain::money
