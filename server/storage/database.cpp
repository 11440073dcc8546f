#include "server/storage/database.h"

#include <utility>

namespace cluse::storage {
namespace {

constexpr const char* kTypes[] = {"null", "integer", "real", "text", "blob"};

[[noreturn]] void wrong_type(const Value& value, std::size_t i, const char* asked) {
  throw std::logic_error("column " + std::to_string(i) + " holds " + kTypes[value.data().index()] + ", not " + asked);
}

const Value& column(const std::vector<Value>& columns, std::size_t i) {
  if (i >= columns.size()) throw std::logic_error("the answer has no column " + std::to_string(i));
  return columns[i];
}

template <class T>
const T& get(const std::vector<Value>& columns, std::size_t i, const char* asked) {
  const Value& value = column(columns, i);
  if (const T* held = std::get_if<T>(&value.data())) return *held;
  wrong_type(value, i, asked);
}

}  // namespace

bool Row::is_null(std::size_t i) const {
  return std::holds_alternative<std::monostate>(column(columns_, i).data());
}

std::int64_t Row::integer(std::size_t i) const {
  return get<std::int64_t>(columns_, i, "integer");
}

double Row::real(std::size_t i) const {
  // A sum over reals is an integer where SQLite found only integers.
  if (const auto* whole = std::get_if<std::int64_t>(&column(columns_, i).data())) return static_cast<double>(*whole);
  return get<double>(columns_, i, "real");
}

const std::string& Row::text(std::size_t i) const {
  return get<std::string>(columns_, i, "text");
}

std::string Row::text_or(std::size_t i, std::string_view otherwise) const {
  return is_null(i) ? std::string(otherwise) : text(i);
}

const Bytes& Row::blob(std::size_t i) const {
  return get<Blob>(columns_, i, "blob").bytes;
}

Id Row::id(std::size_t i) const {
  const auto id = Id::parse(text(i));
  if (!id) throw std::logic_error("column " + std::to_string(i) + " holds no id: " + text(i));
  return *id;
}

std::optional<Id> Row::id_or_null(std::size_t i) const {
  if (is_null(i)) return std::nullopt;
  return id(i);
}

std::optional<Instant> Row::instant_or_null(std::size_t i) const {
  if (is_null(i)) return std::nullopt;
  return instant(i);
}

std::optional<Row> Snapshot::one(std::string_view sql, Parameters parameters) {
  auto rows = all(sql, parameters);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace cluse::storage
