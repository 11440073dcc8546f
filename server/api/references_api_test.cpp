// Aim: rules, delays, rates, territories and contributions over HTTP, in French and German, with the cases of the
// sources. Method: the packs that ship, the bank's own lines, the demonstration's excerpt of public data.

#include "server/api/json_fields.h"
#include "server/api/testing.h"
#include "server/domain/territories/load.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>

namespace cluse::api {
namespace {

const std::string kEaster = "Date,USD,CHF\n2019-04-23,1.1245,1.147\n2019-04-18,1.125,1.1383\n2019-04-17,1.13,1.14\n";
const std::string kGap = "Date,USD,CHF\n2019-04-24,1.1209,1.1416\n2019-04-18,1.125,1.1383\n";

class References : public testing::Test {
 protected:
  Answer post(const std::string& target, const std::string& body, const std::string& language = "fr-FR") {
    return client.send("POST", target, {body, "application/json", {{"Accept-Language", language}}});
  }
  Answer upload(const std::string& body, const std::string& query) {
    return client.send("POST", "/api/v1/rates?filename=eurofxref-hist.csv" + query, {body, "text/csv", {}});
  }
  Answer application(const std::string& amount, const std::string& language = "fr-FR") {
    return post(
        "/api/v1/rules/fppt/evaluate",
        R"({"on":"2017-06-01","facts":{"application":{"total_cost":{"text":")" + amount + R"(","currency":"EUR"}}}})",
        language);
  }
  static std::string rule(const Answer& verdict, const std::string& id) {
    for (const auto& each : verdict.at("/rules").as_array())
      if (each.as_object().at("rule").as_string() == id) return std::string(each.as_object().at("outcome").as_string());
    return "-";
  }

  TestServer server;
  Client client = server.administrator();
};

TEST_F(References, TheFundOf2017Takes34999AndNot35000) {
  // domain.md row 4.
  const Answer below = application("34 999,99");
  ASSERT_EQ(below.status, 200) << below.body;
  EXPECT_EQ(rule(below, "ceiling"), "met");
  EXPECT_EQ(below.text("/stamp/version"), "2017");
  const Answer at = application("35 000,00", "de-CH");
  EXPECT_EQ(rule(at, "ceiling"), "broken");
  EXPECT_EQ(at.text("/rules/0/title"), "Obergrenze des Projekts");
  EXPECT_EQ(at.text("/rules/0/source/language"), "fr") << "the quote stays in its language";
  EXPECT_EQ(application("1.234").code(), "amount_ambiguous");
}

TEST_F(References, PacksShowTheirSourcesAndWhatAJuristMustConfirm) {
  const Answer all = client.get("/api/v1/rules");
  ASSERT_EQ(all.status, 200);
  EXPECT_GE(all.at("/packs").as_array().size(), 9U);
  const Answer one = client.get("/api/v1/rules/fppt?on=2017-06-01");
  EXPECT_EQ(one.text("/version"), "2017");
  EXPECT_EQ(one.text("/jurist/confirmed"), "false");
  EXPECT_EQ(one.text("/hash").size(), 64U);
  EXPECT_FALSE(one.text("/rules/0/source/words").empty());
  EXPECT_EQ(client.get("/api/v1/rules/fppt?version=2016").text("/version"), "2016");
  EXPECT_EQ(client.get("/api/v1/rules/fppt?on=2022-06-01").code(), "rule_pack_none_in_force");
  EXPECT_EQ(client.get("/api/v1/rules/nothing").code(), "rule_pack_unknown");
  EXPECT_EQ(client.get("/api/v1/rules/fppt?on=tomorrow").code(), "date_malformed");
}

TEST_F(References, FactsOutOfBoundsAreRefusedWithTheirField) {
  const auto refused = [&](const std::string& facts) {
    const Answer answer = post("/api/v1/rules/fr-epci/evaluate", R"({"facts":)" + facts + "}");
    return answer.code() + " " + (answer.json.as_object().contains("field") ? answer.text("/field") : "");
  };
  EXPECT_EQ(refused(R"({"session":{"present":-1}})"), "field_invalid facts.session.present");
  EXPECT_EQ(refused(R"({"session":{"present":1000001}})"), "field_invalid facts.session.present");
  EXPECT_EQ(refused(R"({"application":{"territories":"x"}})"), "field_invalid facts.application.territories");
  EXPECT_EQ(refused(R"({"ballot":{"chair":"maybe"}})"), "field_invalid facts.ballot.chair");
  std::string many = "[\"x\"";
  for (std::size_t i = 0; i < kJsonItemsMax; ++i) many += ",\"x\"";
  EXPECT_EQ(refused(R"({"application":{"territories":)" + many + "]}}"),
            "field_too_long facts.application.territories");
}

TEST_F(References, AMondayGivesAFridayWithThreeClearDays) {
  // The case of courrierdesmaires.fr: sent on a Monday, three clear days, the session from Friday on.
  const std::string asked = R"({"pack":"fr-epci","what":"convocation","occasion":"after_failed_quorum","sent_on":)";
  const Answer friday = post("/api/v1/delays/evaluate", asked + R"("2026-11-16","session_on":"2026-11-20"})");
  ASSERT_EQ(friday.status, 200) << friday.body;
  EXPECT_EQ(friday.text("/lawful"), "true");
  EXPECT_EQ(friday.text("/earliest_session"), "2026-11-20");
  EXPECT_EQ(friday.text("/last_lawful_day"), "2026-11-16");
  EXPECT_EQ(friday.text("/last_lawful_moment").substr(0, 19), "2026-11-16T22:59:59") << "midnight in Paris";
  const Answer thursday = post("/api/v1/delays/evaluate", asked + R"("2026-11-16","session_on":"2026-11-19"})", "de");
  EXPECT_EQ(thursday.text("/lawful"), "false");
  EXPECT_EQ(thursday.text("/verdict/outcome"), "broken");
  const Answer open = post("/api/v1/delays/evaluate", asked + R"("2026-11-16"})");
  EXPECT_EQ(open.text("/earliest_session"), "2026-11-20");
  EXPECT_EQ(open.text("/last_lawful_day"), "null");
}

TEST_F(References, ADelayNamesTheHolidaysOnItsWayAndRefusesWhatNoPackSays) {
  const Answer may =
      post("/api/v1/delays/evaluate",
           R"({"pack":"fr-epci","what":"convocation","sent_on":"2026-04-29","session_on":"2026-05-06"})");
  ASSERT_EQ(may.status, 200) << may.body;
  EXPECT_EQ(may.text("/holidays/0/date"), "2026-05-01");
  EXPECT_EQ(may.text("/holidays/0/skipped"), "false") << "clear days count holidays";
  EXPECT_EQ(post("/api/v1/delays/evaluate", R"({"pack":"fppt","what":"convocation","session_on":"2026-05-06"})").code(),
            "rule_pack_no_such_notice");
  EXPECT_EQ(post("/api/v1/delays/evaluate", R"({"pack":"fr-epci","what":"convocation"})").code(), "field_missing");
  EXPECT_EQ(
      post("/api/v1/delays/evaluate", R"({"pack":"fr-epci","what":"convocation","session_on":"2026-02-30"})").code(),
      "date_malformed");
}

TEST_F(References, RatesArePreviewedThenImportedAndConvertWithTheirStamp) {
  const Answer seen = upload(kEaster, "&preview=true");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(seen.text("/added"), "3");
  EXPECT_EQ(client.get("/api/v1/rates").at("/tables").as_array().size(), 0U) << "a preview writes nothing";
  EXPECT_EQ(upload(kEaster, "").status, 201);
  EXPECT_EQ(upload(kEaster, "").code(), "rate_file_nothing_new");
  const Answer listed = client.get("/api/v1/rates?source=ecb");
  EXPECT_EQ(listed.text("/tables/0/latest/date"), "2019-04-23");
  EXPECT_EQ(listed.at("/rates").as_array().size(), 3U);
  const Answer easter = client.get("/api/v1/rates/convert?amount=100,00&currency=EUR&to=CHF&on=2019-04-22");
  ASSERT_EQ(easter.status, 200) << easter.body;
  EXPECT_EQ(easter.text("/converted/minor"), "11383");
  EXPECT_EQ(easter.text("/stamp/date"), "2019-04-18");
  EXPECT_NE(easter.text("/stamp/words").find("1,1383"), std::string::npos);
  EXPECT_EQ(client.get("/api/v1/rates/convert?amount=1,00&currency=EUR&to=EUR&on=2019-04-22").code(),
            "conversion_needless");
  // A call that fixes its own rate: no table has it, and the stamp cites the decision for ever.
  const std::string fixed = "/api/v1/rates/convert?amount=100,00&currency=CHF&to=EUR&on=2023-04-01&source=fixed";
  const Answer by_call = client.get(fixed + "&rate=1,00&decision=R%C3%A8glement%20de%20l%27appel%202023");
  EXPECT_EQ(by_call.text("/converted/minor"), "10000");
  EXPECT_EQ(by_call.text("/stamp/source"), "fixed");
  EXPECT_EQ(by_call.text("/stamp/decision"), "Règlement de l'appel 2023");
  EXPECT_NE(by_call.text("/stamp/words").find("Règlement de l'appel 2023"), std::string::npos);
  EXPECT_EQ(client.get(fixed + "&rate=1.00").code(), "rate_without_decision");
  EXPECT_EQ(client.get(fixed + "&rate=96&decision=Appel").code(), "rate_implausible");
  EXPECT_EQ(client.get(fixed + "&rate=-1&decision=Appel").code(), "field_invalid");
  EXPECT_EQ(client.get("/api/v1/rates/convert?amount=1,00&currency=EUR&to=CHF&on=2020-04-22").code(), "rate_not_yet");
}

TEST_F(References, AFileWithAGapIsRefusedWholeAndSaysTheLine) {
  const Answer seen = upload(kGap, "&preview=true");
  EXPECT_EQ(seen.text("/refused/0/line"), "3");
  EXPECT_EQ(seen.text("/refused/0/code"), "rate_file_gap");
  const Answer refused = upload(kGap, "");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.text("/field"), "line:3");
  EXPECT_EQ(client.get("/api/v1/rates").at("/tables").as_array().size(), 0U);
}

TEST_F(References, TerritoriesAndContributionsShowVintageAndSource) {
  // domain.md rows 39 to 41.
  const auto data = domain::territories::read_directory(
      std::filesystem::path(CLUSE_SOURCE_DIR) / "config/demo/territories", civil_date(2026, 1, 1));
  ASSERT_TRUE(server.domain.database->write_now(
      [&](storage::Transaction& tx) { return domain::territories::load(tx, data, Instant{1'790'000'000'000}); }));
  EXPECT_NE(client.get("/api/v1/territories/units?q=delemont").body.find("Delémont"), std::string::npos);
  const Answer moutier = client.get("/api/v1/territories/units?scheme=ofs&code=700&on=2026-06-01");
  ASSERT_EQ(moutier.status, 200) << moutier.body;
  const Answer detail = client.get("/api/v1/territories/units/" + moutier.text("/units/0/id") + "?on=2026-06-01");
  EXPECT_NE(detail.text("/history").find("2026-01-01"), std::string::npos);
  const std::string pole =
      client.get("/api/v1/territories/units?scheme=cooperation&code=PMNFC&on=2026-06-01").text("/units/0/id");
  const Answer totals = client.get("/api/v1/territories/units/" + pole + "?on=2026-06-01");
  EXPECT_NE(totals.text("/totals").find("303360"), std::string::npos);
  EXPECT_NE(totals.text("/totals").find("299264"), std::string::npos);
  const Answer split =
      client.get("/api/v1/contributions?unit=" + pole + "&vintage=2017&amount=100000,00&on=2026-06-01");
  ASSERT_EQ(split.status, 200) << split.body;
  EXPECT_EQ(split.text("/inhabitants"), "303360");
  std::int64_t sum = 0;
  for (const auto& share : split.at("/shares").as_array()) sum += share.at_pointer("/amount/minor").as_int64();
  EXPECT_EQ(sum, 10'000'000);
  EXPECT_EQ(client.get("/api/v1/territories/units?scheme=nothing&code=1").code(), "field_invalid");
  EXPECT_EQ(client.get("/api/v1/territories/units?q=" + std::string(201, 'a')).code(), "field_too_long");
}

}  // namespace
}  // namespace cluse::api
