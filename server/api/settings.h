// What the operator decides about the HTTP interface.
#pragma once

#include <string>
#include <vector>

namespace cluse::api {

struct Settings {
  std::string instance_name = "Cluse";
  std::string version = "0.1.0";
  bool demo = false;
  std::string public_url;            ///< "https://cluse.example", for links; empty: as the request addressed us
  std::vector<std::string> origins;  ///< accepted besides our own, e.g. of a development server
  std::string controller;            ///< who answers for the data (RGPD art. 4(7), nLPD art. 5 j)
  std::string privacy_contact;       ///< whom to ask about them
  std::string metrics_token;         ///< bearer token of GET /metrics; empty: loopback only
};

}  // namespace cluse::api
