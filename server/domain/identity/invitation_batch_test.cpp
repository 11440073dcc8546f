// Aim: a list as an office keeps it becomes invitations, once, with a reason for each row that does not.
// Method: lists in the encodings and languages that offices use, read alone and then run on a real store.

#include "server/domain/identity/people_csv.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

using Outcome = BatchRow::Outcome;

TEST(PeopleCsv, ReadsWhatOfficesWrite) {
  const auto german =
      parse_people_csv("\xEF\xBB\xBFVorname,Name,E-Mail,Funktion\r\nLa,\"Leiterin, Dienst\",a@b.ch,Amt\r\n");
  ASSERT_TRUE(german);
  EXPECT_EQ(german->front().name, "La Leiterin, Dienst");
  EXPECT_EQ(german->front().function, "Amt");
  const auto windows = parse_people_csv("Courriel;Nom;Organisme;Au\nx@y.fr;Secr\xE9tariat;P\xF4le;31.12.2026\n\n");
  ASSERT_TRUE(windows);
  EXPECT_EQ(windows->front().name, "Secrétariat");
  EXPECT_EQ(windows->front().organisation, "Pôle");
  EXPECT_EQ(windows->front().last_day, "2026-12-31");
  EXPECT_EQ(windows->front().line, 2);
  EXPECT_EQ(parse_people_csv("email\tname\na@b.ch\t\"Deux\nlignes\"\nc@d.ch\tx\n")->at(1).line, 4);
}

TEST(PeopleCsv, RefusesWhatItCannotRead) {
  const auto code = [](std::string_view text) { return std::string(parse_people_csv(text).error().code); };
  EXPECT_EQ(code(""), "csv_empty");
  EXPECT_EQ(code("email\n"), "csv_empty");
  EXPECT_EQ(code("nom\nx\n"), "csv_no_email");
  EXPECT_EQ(code("email\n\"x\n"), "csv_malformed");
  std::string many = "email\n";
  for (std::size_t i = 0; i <= kCsvRowsMax; ++i) many += "a@b.ch\n";
  EXPECT_EQ(code(many), "csv_too_many_rows");
  EXPECT_EQ(code(std::string(kCsvBytesMax + 1, 'x')), "body_too_large");
}

class BatchTest : public testing::Test {
 protected:
  std::vector<BatchRow> preview(const std::string& csv, BatchTarget target = {}) {
    return *domain.run(domain.services->invitation_batch.preview(admin, csv, target));
  }
  std::vector<BatchRow> run(const std::string& csv, BatchTarget target = {}) {
    return *domain.run(domain.services->invitation_batch.run(admin, csv, target));
  }

  TestDomain domain;
  const Actor admin = domain.administrator();
  const Actor here = domain.person("Déjà là", "here@example.org");
  const Id organisation =
      domain.run(domain.services->people.add_organisation(admin, {"Pôle métropolitain", "PM", "F", ""}))->id;
};

TEST_F(BatchTest, SaysOfEachRowWhatWouldBecomeOfItAndChangesNothing) {
  const auto rows = preview(
      "email;nom;organisme;fonction;du;au\n"
      "new@example.org;Nouvelle;pole metropolitain;Chargée;;\n"
      "nonsense;;;;;\n"
      "NEW@example.org;;;;;\n"
      "a@example.org;;Inconnu;;;\n"
      "b@example.org;;PM;Chargée;2026-12-31;2026-01-01\n"
      "c@example.org;;;;demain;\n"
      "here@example.org;;;;;\n");
  ASSERT_EQ(rows.size(), 7U);
  EXPECT_EQ(rows[0].outcome, Outcome::invite);
  EXPECT_EQ(rows[1].code, "field_invalid");
  EXPECT_EQ(rows[2].code, "csv_duplicate");
  EXPECT_EQ(rows[3].code, "csv_organisation_unknown");
  EXPECT_EQ(rows[4].code, "dates_reversed");
  EXPECT_EQ(rows[5].code, "date_malformed");
  EXPECT_EQ(rows[6].outcome, Outcome::already_here);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM invitation WHERE email IS NOT NULL"), 0);
}

TEST_F(BatchTest, DoneTwiceIsDoneOnce) {
  const Id workspace = domain.workspace();
  const BatchTarget target{workspace, Role::editor};
  const std::string csv = "email;organisme;fonction\nnew@example.org;PM;Déléguée\nhere@example.org;PM;Déléguée\n";
  const auto rows = run(csv, target);
  EXPECT_EQ(rows[0].outcome, Outcome::invite);
  EXPECT_FALSE(rows[0].token.empty()) << "no mail here: the link is passed on by hand";
  EXPECT_EQ(rows[1].outcome, Outcome::add);
  EXPECT_EQ(domain.run(domain.services->mandates.list(admin, here.person_id))->size(), 1U);
  const auto again = run(csv, target);
  EXPECT_EQ(again[0].outcome, Outcome::already_invited);
  EXPECT_EQ(again[1].outcome, Outcome::already_here);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM invitation WHERE email IS NOT NULL"), 1);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM mandate"), 1);
  EXPECT_EQ(preview("email;organisme;fonction;du\nhere@example.org;PM;Déléguée;2020-01-01\n").front().code,
            "mandate_overlaps");
}

TEST_F(BatchTest, TheInvitedPersonBelongsWhereTheListSays) {
  const auto rows = run("email;organisme;fonction\nnew@example.org;PM;Déléguée\n");
  Newcomer newcomer{"Nouvelle", "Autre chose", "new@example.org", kTestPassword, "fr-FR", std::nullopt, std::nullopt};
  newcomer.organisation = NewOrganisation{"Une autre", "", "F", ""};
  const auto accepted = domain.run(
      domain.services->invitations.accept_as_newcomer(newcomer, rows[0].token, {"192.0.2.2", "Firefox, Linux"}));
  ASSERT_TRUE(accepted);
  const auto entry = domain.run(domain.services->standing.find(admin, accepted->profile.person.id));
  EXPECT_EQ(entry->person.organisation->id, organisation);
  EXPECT_TRUE(entry->organisation_confirmed);
  EXPECT_EQ(domain.run(domain.services->mandates.list(admin, entry->person.id))->front().function, "Déléguée");
}

TEST_F(BatchTest, IsForWhoMayInvite) {
  EXPECT_EQ(domain.run(domain.services->invitation_batch.run(here, "email\na@example.org\n", {})).error().code,
            "denied");
  EXPECT_EQ(
      domain.run(domain.services->invitation_batch.run(admin, "email\na@example.org\n", {here.person_id, Role::reader}))
          .error()
          .code,
      "workspace_not_found");
}

}  // namespace
}  // namespace cluse::domain
