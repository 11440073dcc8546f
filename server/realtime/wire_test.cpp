// The framing: what is written is read back, and bytes from outside never lead past their end.
#include "server/realtime/wire.h"

#include <gtest/gtest.h>

namespace cluse::realtime {
namespace {

TEST(Wire, FramesHaveTheBytesOfYProtocols) {
  EXPECT_EQ(sync_frame(kStep1, Bytes(1, '\0')), Bytes("\0\0\1\0", 4));
  EXPECT_EQ(sync_frame(kUpdate, kEmptyUpdate), Bytes("\0\2\2\0\0", 5));
  EXPECT_EQ(awareness_frame(Bytes(1, '\0')), Bytes("\1\1\0", 3));
  EXPECT_EQ(auth_denied_frame("no"), Bytes("\2\0\2no", 5));
  EXPECT_EQ(durable_frame(300), Bytes("\x40\xac\x02", 3));
}

TEST(Wire, NumbersSurviveTheRoundTripUpTo53Bits) {
  for (const std::uint64_t value : {0ULL, 127ULL, 128ULL, 4294967295ULL, (1ULL << 53) - 1}) {
    Bytes out;
    write_unsigned(out, value);
    Reader reader(out);
    EXPECT_EQ(reader.unsigned_int(), value);
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(Wire, WhatIsTooLongOrCutIsRefused) {
  for (const Bytes& bytes : {Bytes(), Bytes("\x80"), Bytes(9, '\xff'), Bytes("\xff\xff\xff\xff\xff\xff\xff\x7f")}) {
    EXPECT_EQ(Reader(bytes).unsigned_int(), std::nullopt);
  }
  EXPECT_EQ(Reader(Bytes("\x05"
                         "abc"))
                .bytes(),
            std::nullopt);
  EXPECT_EQ(Reader(Bytes("\xff\xff\xff\xff\x0f"
                         "abc"))
                .bytes(),
            std::nullopt);
}

}  // namespace
}  // namespace cluse::realtime
