#include "words.h"

#include <algorithm>
#include <array>

namespace annuaires {
namespace {

constexpr std::array<Word, 8> kLevels = {{{"commune", "Commune", "Gemeinde"},
                                          {"intercommunal", "Intercommunalité", "Gemeindeverband"},
                                          {"department", "Département", "Departement"},
                                          {"canton", "Canton", "Kanton"},
                                          {"region", "Région", "Region"},
                                          {"state", "État", "Staat"},
                                          {"association", "Association", "Verein"},
                                          {"company", "Entreprise", "Unternehmen"}}};
constexpr std::array<Word, 12> kLanguages = {{{"fr", "français", "Französisch"},
                                              {"de", "allemand", "Deutsch"},
                                              {"gsw", "suisse allemand", "Schweizerdeutsch"},
                                              {"en", "anglais", "Englisch"},
                                              {"it", "italien", "Italienisch"},
                                              {"es", "espagnol", "Spanisch"},
                                              {"pt", "portugais", "Portugiesisch"},
                                              {"tr", "turc", "Türkisch"},
                                              {"ar", "arabe", "Arabisch"},
                                              {"uk", "ukrainien", "Ukrainisch"},
                                              {"ru", "russe", "Russisch"},
                                              {"fsl", "langue des signes", "Gebärdensprache"}}};
constexpr std::array<Word, 2> kCountries = {{{"FR", "France", "Frankreich"}, {"CH", "Suisse", "Schweiz"}}};

}  // namespace

std::span<const Word> level_words() {
  return kLevels;
}
std::span<const Word> language_words() {
  return kLanguages;
}
std::span<const Word> country_words() {
  return kCountries;
}

std::span<const Word> words_of(std::string_view field) {
  if (field == "level") return kLevels;
  if (field == "languages") return kLanguages;
  if (field == "country") return kCountries;
  return {};
}

const Word* word(std::span<const Word> list, std::string_view key) {
  const auto found = std::ranges::find(list, key, &Word::key);
  return found == list.end() ? nullptr : &*found;
}

Value label(const Word& word) {
  return both(word.fr, word.de);
}

std::string in(const Value& words, std::string_view language) {
  if (const auto text = words.get<std::string>()) return *text;
  const auto first = words[language].get_or<std::string>("");
  return first.empty() ? words[language == "de" ? "fr" : "de"].get_or<std::string>("") : first;
}

Value both(std::string_view fr, std::string_view de) {
  Value out = Value::map();
  if (!fr.empty()) out.set("fr", fr);
  if (!de.empty()) out.set("de", de);
  return out;
}

std::string language_of(std::string_view locale) {
  return locale.starts_with("de") ? "de" : "fr";
}

}  // namespace annuaires
