#include "reference.h"

#include "words.h"

#include <algorithm>

namespace annuaires {
namespace {

constexpr std::size_t kDepthMax = 8;

const Option* option_of(const std::vector<Option>& options, std::string_view key) {
  const auto found = std::ranges::find(options, key, &Option::key);
  return found == options.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> Reference::with_parents(const std::string& code) const {
  std::vector<std::string> all{code};
  for (auto found = territories.find(code);
       found != territories.end() && !found->second.parent.empty() && all.size() < kDepthMax;
       found = territories.find(all.back()))
    all.push_back(found->second.parent);
  return all;
}

Value Reference::label(const Field& field, const std::string& key) const {
  if (const Option* own = option_of(field.options, key)) return own->label;
  if (field.type == Type::territory) {
    const auto found = territories.find(key);
    return found == territories.end() ? both(key, "") : found->second.name;
  }
  const auto fixed = words_of(field.type == Type::language ? "languages" : std::string_view(field.key));
  if (const Word* known = word(fixed, key)) return annuaires::label(*known);
  if (const auto list = lists.find(field.key); list != lists.end())
    if (const Option* shared = option_of(list->second, key)) return shared->label;
  return both(key, "");
}

bool Reference::has_choice(const Field& field, const std::string& key) const {
  if (field.type == Type::territory) return territories.contains(key);
  if (field.type == Type::language)
    return word(language_words(), key) != nullptr || option_of(field.options, key) != nullptr;
  if (option_of(field.options, key) != nullptr) return true;
  if (!field.options.empty()) return false;
  if (const auto fixed = words_of(field.key); !fixed.empty()) return word(fixed, key) != nullptr;
  const auto list = lists.find(field.key);
  return list != lists.end() && option_of(list->second, key) != nullptr;
}

}  // namespace annuaires
