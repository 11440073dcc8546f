#include "server/domain/richtext/richtext.h"
#include <gtest/gtest.h>
#include <iostream>
#include <iterator>
using namespace cluse::domain::richtext;
TEST(X, Y) {
  EXPECT_TRUE(from_markdown("# a").has_value());
}
