// Configuration: what is wrong is named with its line; the annotated example is complete, true and what ships.
#include "server/app/config.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cluse::app {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }
  Result<Config> read(const std::string& toml) {
    std::ofstream(file_) << toml;
    return read_config(file_);
  }
  const std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("cluse-config-" + std::to_string(::getpid()) + ".toml");
};

TEST_F(ConfigTest, TheExampleIsValidAndSaysTheDefaults) {
  const auto config = read(example_config());
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->server.port, Config().server.port);
  EXPECT_EQ(config->server.limits.header_timeout, Config().server.limits.header_timeout);
  EXPECT_EQ(config->server.limits.send_queue_bytes_max, Config().server.limits.send_queue_bytes_max);
  EXPECT_EQ(config->realtime.document_bytes_max, Config().realtime.document_bytes_max);
  EXPECT_EQ(config->realtime.linger, Config().realtime.linger);
  EXPECT_EQ(config->session_absolute_hours, Config().session_absolute_hours);
}

TEST_F(ConfigTest, TheShippedExampleIsTheGeneratedOne) {
  const std::filesystem::path shipped = std::filesystem::path(CLUSE_SOURCE_DIR) / "config/cluse.toml";
  std::ifstream stream(shipped);
  std::stringstream text;
  text << stream.rdbuf();
  EXPECT_EQ(text.str(), example_config()) << "regenerate it: cluse config > config/cluse.toml";
}

TEST_F(ConfigTest, WhatIsWrongIsNamedWithItsLineAndWhatWasExpected) {
  const struct {
    const char* toml;
    const char* code;
    const char* words;
  } cases[] = {
      {"[server]\nport = 99999\n", "config_value_wrong", "line 2: server.port must be a port"},
      {"[server]\nport = \"http\"\n", "config_value_wrong", "line 2: server.port"},
      {"[server]\n\nprot = 80\n", "config_key_unknown", "line 3: there is no key server.prot"},
      {"[sever]\nport = 80\n", "config_key_unknown", "there is no key sever.port"},
      {"port = 80\n", "config_key_unknown", "line 1"},
      {"[server\nport = 80\n", "config_malformed", "line 1"},
      {"[instance]\ndefault_locale = \"it-CH\"\n", "config_value_wrong", "fr-FR, fr-CH or de-CH"},
      {"[metrics]\ntoken = \"short\"\n", "config_value_wrong", "16 characters"},
      {"[server]\ncertificate = \"a.pem\"\n", "config_value_wrong", "belong together"},
      {"[sign_in]\nsecond_factor = \"some\"\n", "config_value_wrong", "nobody, administrators or everyone"},
      {"[identity]\nprovider = 1\n", "config_key_unknown", "line 2"},
      {"[[identity.providers]]\nid = \"A B\"\n", "config_value_wrong", "line 2: identity.providers.id must be"},
      {"[[identity.providers]]\nidd = \"a\"\n", "config_key_unknown", "line 2: there is no key identity.providers.idd"},
      {"[[identity.providers]]\nissuer = \"http://idp.example\"\n", "config_value_wrong", "line 2"},
      {"[[identity.providers]]\nid = \"a\"\n", "config_value_wrong", "line 1: identity.providers.label_fr is missing"},
      {"[[identity.providers]]\nid = \"a\"\nlabel_fr = \"A\"\nissuer = \"https://a.example\"\nclient_id = \"c\"\n"
       "client_secret = \"s\"\norganisations = [\"x\"]\n",
       "config_value_wrong", "organisation_claim"},
      {"[[identity.providers]]\nid = \"a\"\nlabel_fr = \"A\"\nissuer = \"https://a.example\"\nclient_id = \"c\"\n"
       "client_secret = \"s\"\n",
       "config_value_wrong", "server.public_url"},
  };
  for (const auto& c : cases) {
    const auto config = read(c.toml);
    ASSERT_FALSE(config) << c.toml;
    EXPECT_EQ(config.error().code, c.code) << c.toml;
    EXPECT_NE(config.error().detail.find(c.words), std::string::npos) << config.error().detail;
  }
  EXPECT_EQ(read_config("/nonexistent.toml").error().code, "config_unreadable");
}

TEST_F(ConfigTest, TheEnvironmentOverridesTheFile) {
  ::setenv("CLUSE_SERVER_PORT", "4242", 1);
  auto config = read("[server]\nport = 80\n");
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->server.port, 4242);
  ::setenv("CLUSE_SERVER_PORT", "many", 1);
  config = read("");
  ::unsetenv("CLUSE_SERVER_PORT");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().detail.find("CLUSE_SERVER_PORT"), std::string::npos);
}

TEST_F(ConfigTest, EveryKeyIsDescribed) {
  for (const Key& key : config_keys()) {
    EXPECT_FALSE(key.description.empty()) << key.name;
    EXPECT_FALSE(key.expected.empty()) << key.name;
    EXPECT_TRUE(key.description.ends_with('.')) << key.name;
  }
}

TEST_F(ConfigTest, ProvidersOfIdentitiesAreTables) {
  const auto config = read(
      "[server]\npublic_url = \"https://cluse.example\"\n"
      "[[identity.providers]]\nid = \"agents\"\nlabel_fr = \"ProConnect\"\nissuer = \"https://a.example\"\n"
      "client_id = \"c\"\nclient_secret = \"s\"\nscopes = [\"openid\", \"siret\"]\nnewcomers = \"request\"\n"
      "[[identity.providers]]\nid = \"canton\"\nlabel_fr = \"Canton\"\nlabel_de = \"Kanton\"\n"
      "issuer = \"https://b.example\"\nclient_id = \"c\"\nclient_secret = \"s\"\nsecond_factor_trusted = true\n");
  ASSERT_TRUE(config) << config.error().detail;
  ASSERT_EQ(config->providers.size(), 2U);
  EXPECT_EQ(config->providers[0].label_de, "ProConnect") << "as in French";
  EXPECT_EQ(config->providers[0].scopes, (std::vector<std::string>{"openid", "siret"}));
  EXPECT_EQ(config->providers[0].newcomers, oidc::Newcomers::request);
  EXPECT_TRUE(config->providers[1].second_factor_trusted);
  EXPECT_EQ(config->providers[1].newcomers, oidc::Newcomers::invited);
}

}  // namespace
}  // namespace cluse::app
