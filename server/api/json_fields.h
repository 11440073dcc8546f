// JsonFields: reads the body of a request field by field, with limits, and keeps the first thing that was wrong.
#pragma once

#include "server/base/id.h"
#include "server/base/result.h"
#include "server/net/http.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::api {

inline constexpr std::size_t kJsonDepthMax = 16;
inline constexpr std::size_t kJsonTextBytesMax = 16U << 10;  ///< of one string; the domain has finer limits
inline constexpr std::size_t kJsonItemsMax = 1'000;          ///< of one list

/// Read everything that is needed, then `check()`. A field that is wrong reads as empty until then. `null` is absent.
/// Thread: one.
class JsonFields {
 public:
  /// An empty body is an empty object. Codes: "type_unsupported" (not application/json), "body_malformed".
  [[nodiscard]] static Result<JsonFields> parse(const net::Request& request);

  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> text_if(std::string_view name) const;
  [[nodiscard]] std::optional<bool> flag_if(std::string_view name) const;
  /// A whole number between `low` and `high`.
  [[nodiscard]] std::optional<std::int64_t> integer_if(std::string_view name, std::int64_t low,
                                                       std::int64_t high) const;
  /// A list of at most kJsonItemsMax texts.
  [[nodiscard]] std::optional<std::vector<std::string>> texts_if(std::string_view name) const;
  [[nodiscard]] Id id(std::string_view name) const;
  [[nodiscard]] std::optional<Id> id_if(std::string_view name) const;
  [[nodiscard]] std::optional<JsonFields> object_if(std::string_view name) const;
  [[nodiscard]] JsonFields object(std::string_view name) const;
  [[nodiscard]] bool is_empty() const { return object_->empty(); }
  /// The names of all fields, in their order.
  [[nodiscard]] std::vector<std::string> names() const;

  /// For rules of the caller's own: `name` is wrong.
  void refuse(std::string_view code, std::string_view name) const;

  /// The first of "field_missing", "field_invalid", "field_too_long", with its field ("organisation.name").
  [[nodiscard]] Result<void> check() const;

 private:
  struct Shared;
  JsonFields(std::shared_ptr<Shared> shared, const boost::json::object* object, std::string prefix);
  [[nodiscard]] const boost::json::value* find(std::string_view name) const;

  std::shared_ptr<Shared> shared_;  ///< the document and the first error, common to nested objects
  const boost::json::object* object_;
  std::string prefix_;
};

}  // namespace cluse::api
