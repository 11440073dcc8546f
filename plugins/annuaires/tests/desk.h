// A directory's desk: the plugin in a host, the secretariat, a member, the person concerned.
#pragma once

#ifndef CLUSE_PLUGIN_FOLDER
#define CLUSE_PLUGIN_FOLDER "."  // the build of the tests says where it lies
#endif

#include <cluse/test.hpp>

#include <gtest/gtest.h>

#include <string>

namespace annuaires {

using cluse::Value;

class Desk : public ::testing::Test {
 protected:
  Desk() {
    host_.answer("cluse.core/1", "rights.may", [this](const Value&) { return Value{{"may", may_}}; });
    host_.answer("cluse.core/1", "person.get", [](const Value& body) {
      return Value{{"id", body["id"]}, {"name", "Secrétariat"}};
    });
  }
  /// As the secretariat; expects `status`.
  Value call(const char* method, const std::string& path, const Value& body = {}, int status = 0) {
    may_ = true;
    return as("secretariat", method, path, body, status);
  }
  /// As somebody who is signed in and no more.
  Value member(const char* method, const std::string& path, const Value& body = {}, int status = 0,
               const std::string& who = "member") {
    may_ = false;
    return as(who, method, path, body, status);
  }
  Value anybody(const char* method, const std::string& path, const Value& body = {}, int status = 0) {
    may_ = false;
    return as("", method, path, body, status);
  }
  Value as(const std::string& who, const char* method, const std::string& path, const Value& body, int status) {
    last_ = host_.call(method, path, body, {who, "fr-FR"});
    if (status == 0)
      EXPECT_LT(last_.status, 300) << method << " " << path << ": " << last_.status << " " << last_.body << last_.why;
    else EXPECT_EQ(last_.status, status) << method << " " << path << ": " << last_.body << last_.why;
    return last_.json();
  }
  void directory(const std::string& slug, const std::string& from, const Value& more = Value::map()) {
    Value body = {{"slug", slug}, {"name", {{"fr", "Annuaire"}, {"de", "Verzeichnis"}}}, {"template", from}};
    for (const auto& [key, value] : more.entries()) body.set(key, value);
    call("POST", "/directories", body, 201);
  }
  std::int64_t entry(const std::string& slug, const Value& values, const Value& more = Value::map()) {
    Value body = {{"values", values}};
    for (const auto& [key, value] : more.entries()) body.set(key, value);
    return call("POST", "/directories/" + slug + "/entries", body, 201)["entry"]["id"].get_or<std::int64_t>(0);
  }
  static std::string at(const std::string& path, std::int64_t id, const std::string& rest = "") {
    return path + std::to_string(id) + rest;
  }
  static std::string code(const Value& problem) { return problem["code"].get_or<std::string>(""); }

  cluse::test::Host host_;
  cluse::test::Answer last_;
  bool may_ = true;
};

}  // namespace annuaires
