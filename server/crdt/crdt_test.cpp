// First light.
#include "server/crdt/crdt.h"

#include <gtest/gtest.h>

namespace cluse::crdt {
namespace {

TEST(Document, ATextWrittenByTheServerIsReadBack) {
  Document document;
  ASSERT_TRUE(document.insert_text(7, "t", 0, "hello"));
  ASSERT_TRUE(document.insert_text(7, "t", 2, "XX"));
  ASSERT_TRUE(document.erase_text(7, "t", 0, 1));
  EXPECT_EQ(document.text("t"), "eXXllo");
}

}  // namespace
}  // namespace cluse::crdt
