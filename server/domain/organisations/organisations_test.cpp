// Aim: organisations of both countries stand where they belong, with numbers that were verified offline; cycles and
// doubles are refused (domain.md rows 14, 30, 37; peers.md section 3, row 39: a Swiss body registers without a SIRET).

#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

using registry::NumberKind;

class OrganisationsTest : public testing::Test {
 protected:
  OrganisationContent content(const std::string& name, const std::string& country = "F") {
    return {name, "", country, "", std::nullopt, std::nullopt, {}};
  }
  Id add(const std::string& name) {
    auto added = domain.run(organisations.add(admin, content(name)));
    EXPECT_TRUE(added.has_value()) << added.error().code;
    return added->organisation.id;
  }
  template <class T>
  static std::string code_of(const Result<T>& result) {
    return result ? "" : std::string(result.error().code) + " " + result.error().field;
  }
  std::string change(Id id, const OrganisationContent& now) {
    return code_of(domain.run(organisations.change(admin, id, now)));
  }
  std::string join(Id id, Id body, std::optional<std::string> from = {}, std::optional<std::string> to = {}) {
    return code_of(domain.run(organisations.join(admin, id, {body, from, to})));
  }

  TestDomain domain;
  Organisations& organisations = domain.services->organisations;
  Actor admin = domain.administrator();
  Actor paul = domain.person("Paul Rochat", "paul@example.org");
};

TEST_F(OrganisationsTest, NumbersOfBothCountriesAreVerifiedAndNormalised) {
  auto epci = content("Pays de Montbéliard Agglomération");
  epci.numbers = {{NumberKind::siren, "200 065 647"}};
  const auto made = domain.run(organisations.add(admin, epci));
  ASSERT_TRUE(made.has_value()) << made.error().code;
  EXPECT_EQ(made->numbers, (std::vector<RegistryNumber>{{NumberKind::siren, "200065647"}}));
  auto swiss = content("Observatoire", "CH");
  swiss.numbers = {{NumberKind::uid, "che-107.787.577 TVA"}};
  EXPECT_EQ(domain.run(organisations.add(admin, swiss))->numbers.front().number, "CHE107787577");
}

TEST_F(OrganisationsTest, AWrongNumberNamesItsFieldAndTheSuspectGroup) {
  auto wrong = content("Agglomération");
  wrong.numbers = {{NumberKind::siren, "200065648"}};
  const auto refused = domain.run(organisations.add(admin, wrong));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(code_of(refused), "registry_number_check numbers.siren");
  EXPECT_NE(refused.error().detail.find("group="), std::string::npos) << refused.error().detail;
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM organisation WHERE name = 'Agglomération'"), 0) << "nothing was made";
  wrong.numbers = {{NumberKind::siren, "20006564"}};
  EXPECT_EQ(code_of(domain.run(organisations.add(admin, wrong))), "registry_number_form numbers.siren");
  wrong.numbers = {{NumberKind::iban, "FR7630006000011234567890189"}};
  EXPECT_EQ(code_of(domain.run(organisations.add(admin, wrong))), "field_invalid numbers.iban");
}

TEST_F(OrganisationsTest, ANumberIsOneOrganisations) {
  auto first = content("Première"), second = content("Seconde");
  first.numbers = second.numbers = {{NumberKind::siren, "200065647"}};
  ASSERT_TRUE(domain.run(organisations.add(admin, first)).has_value());
  EXPECT_EQ(code_of(domain.run(organisations.add(admin, second))), "registry_number_taken numbers.siren");
  // 356 000 000: La Poste, whose first establishment is 00048 (both pass Luhn).
  second.numbers = {{NumberKind::siren, "200069052"}, {NumberKind::siret, "35600000000048"}};
  EXPECT_EQ(code_of(domain.run(organisations.add(admin, second))), "registry_numbers_differ numbers.siret");
}

TEST_F(OrganisationsTest, ParentsDoNotGoInCircles) {
  const Id top = add("Haut"), middle = add("Milieu"), low = add("Bas");
  auto under = content("Milieu");
  under.parent_id = top;
  EXPECT_EQ(change(middle, under), "");
  under = content("Bas");
  under.parent_id = middle;
  EXPECT_EQ(change(low, under), "");
  under = content("Haut");
  under.parent_id = low;
  EXPECT_EQ(change(top, under), "organisation_cycle parent_id");
  under.parent_id = top;
  EXPECT_EQ(change(top, under), "organisation_cycle parent_id");
  under.parent_id = paul.person_id;
  EXPECT_EQ(change(top, under), "field_invalid parent_id");
  const auto seen = domain.run(organisations.find(paul, middle));
  EXPECT_EQ(seen->parent->name, "Haut");
  EXPECT_EQ(seen->children.front().name, "Bas");
}

TEST_F(OrganisationsTest, ParentsAreNotStackedTooHigh) {
  Id last = add("Niveau 0");
  for (int i = 1; i <= kOrganisationDepthMax; ++i) {
    auto next = content("Niveau " + std::to_string(i));
    next.parent_id = last;
    last = domain.run(organisations.add(admin, next))->organisation.id;
  }
  auto one_more = content("Un de trop");
  one_more.parent_id = last;
  EXPECT_EQ(code_of(domain.run(organisations.add(admin, one_more))), "organisation_too_deep parent_id");
}

TEST_F(OrganisationsTest, MembershipsAreDatedAndTurnInNoCircle) {
  const Id epci = add("Grand Belfort"), pole = add("Pôle métropolitain"), other = add("Association");
  EXPECT_EQ(join(epci, pole, "2016-09-01", "2020-12-31"), "");
  EXPECT_EQ(join(epci, pole, "2020-12-31"), "membership_overlaps first_day");
  EXPECT_EQ(join(epci, pole, "2021-01-01"), "");
  EXPECT_EQ(join(pole, other), "");
  EXPECT_EQ(join(other, epci), "organisation_cycle body_id");
  EXPECT_EQ(join(other, epci, "2010-01-01", "2010-12-31"), "") << "before there was a Pôle it turns in no circle";
  EXPECT_EQ(join(epci, epci), "organisation_cycle body_id");
  EXPECT_EQ(join(epci, paul.person_id), "field_invalid body_id");
  EXPECT_EQ(join(paul.person_id, pole), "organisation_not_found ");
  const auto seen = domain.run(organisations.find(paul, epci));
  ASSERT_EQ(seen->bodies.size(), 2U);
  EXPECT_EQ(seen->bodies.front().first_day, "2021-01-01") << "those that run come first";
  EXPECT_FALSE(seen->bodies.back().is_current);
  EXPECT_EQ(domain.run(organisations.find(paul, pole))->members.size(), 2U);
}

TEST_F(OrganisationsTest, AMembershipEndsAndStaysVisible) {
  const Id epci = add("Grand Belfort"), pole = add("Pôle");
  const auto joined = domain.run(organisations.join(admin, epci, {pole, "2016-09-01", std::nullopt}));
  const Id membership = joined->bodies.front().id;
  const auto ended = domain.run(organisations.change_membership(admin, epci, membership, "2016-09-01", "2025-12-31"));
  ASSERT_EQ(ended->bodies.size(), 1U);
  EXPECT_EQ(ended->bodies.front().last_day, "2025-12-31");
  EXPECT_FALSE(ended->bodies.front().is_current);
  EXPECT_EQ(code_of(domain.run(organisations.change_membership(admin, pole, membership, {}, {}))),
            "membership_not_found ");
  EXPECT_EQ(code_of(domain.run(organisations.change_membership(admin, epci, membership, "2020-01-01", "2019-01-01"))),
            "dates_reversed last_day");
}

TEST_F(OrganisationsTest, AnOrganisationIsAMemberOfSoManyAtMost) {
  const Id epci = add("Grand Belfort"), pole = add("Pôle");
  for (std::size_t i = 0; i < kMembershipsPerOrganisationMax; ++i) {
    const std::string year = std::to_string(1800 + i);
    ASSERT_EQ(join(epci, pole, year + "-01-01", year + "-12-31"), "");
  }
  EXPECT_EQ(join(epci, pole, "2100-01-01"), "too_many_memberships ");
}

TEST_F(OrganisationsTest, NamesAreNotDoubledAndOnlyAdministratorsWrite) {
  const Id first = add("Ville de Pontarlier"), second = add("Ville de Delle");
  EXPECT_EQ(change(second, content("ville de PONTARLIER")), "organisation_taken name");
  EXPECT_EQ(change(second, content("Ville de Pontarlier", "CH")), "");
  EXPECT_EQ(change(second, content("Ville", "DE")), "field_invalid country");
  auto nowhere = content("Ville de Delle");
  nowhere.territory_id = first;
  EXPECT_EQ(change(second, nowhere), "field_invalid territory_id");
  EXPECT_EQ(change(paul.person_id, content("Rien")), "organisation_not_found ");
  EXPECT_EQ(code_of(domain.run(organisations.change(paul, first, content("Ma ville")))), "denied ");
  EXPECT_EQ(code_of(domain.run(organisations.add(paul, content("Ma ville")))), "denied ");
  EXPECT_EQ(code_of(domain.run(organisations.join(paul, first, {second, {}, {}}))), "denied ");
  EXPECT_EQ(code_of(domain.run(organisations.find(paul, paul.person_id))), "organisation_not_found ");
}

TEST_F(OrganisationsTest, TheirTerritoryIsAUnitThatIsFoundByName) {
  const auto hosted = domain.run(domain.services->workspaces.add_territory(admin, "Doubs horloger", "DH"));
  const auto units = domain.run(organisations.find_territories(paul, "doubs"));
  ASSERT_EQ(units->size(), 1U);
  auto placed = content("Parc");
  placed.territory_id = units->front().id;
  EXPECT_EQ(domain.run(organisations.add(admin, placed))->territory->name, "Doubs horloger");
  EXPECT_EQ(units->front().id, hosted->id);
}

}  // namespace
}  // namespace cluse::domain
