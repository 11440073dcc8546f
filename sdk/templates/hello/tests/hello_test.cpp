// SPDX-License-Identifier: Apache-2.0
//
// What the plugin does, without a server: `ctest --test-dir build` runs it.
#include <cluse/test.hpp>

#include <gtest/gtest.h>

TEST(Hello, GreetsInTheLanguageOfWhoeverAsks) {
  cluse::test::Host host;
  const auto french = host.call("GET", "/hello?name=L%C3%A9a");
  EXPECT_EQ(french.status, 200);
  EXPECT_EQ(french.json()["greeting"].as<std::string>(), "Bonjour Léa");
  const auto german = host.call("GET", "/hello", {}, {"person-2", "de-CH"});
  EXPECT_EQ(german.json()["greeting"].as<std::string>(), "Guten Tag");
}

TEST(Hello, AnswersOnItsOwnRouteAlone) {
  cluse::test::Host host;
  EXPECT_EQ(host.call("GET", "/other").status, 404);
  EXPECT_EQ(host.call("POST", "/hello").status, 404);
}
