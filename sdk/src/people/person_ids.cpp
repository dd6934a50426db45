#include "laurel/person_ids.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "base/check.hpp"

namespace laurel {

namespace {

using Cluster = std::vector<std::string_view>;  // the ids of its profiles, in order

std::vector<Cluster> gathered(std::span<const Profile> profiles,
                              std::span<const std::uint32_t> clusters) {
  LAUREL_ASSERT(profiles.size() == clusters.size(), "a cluster for each profile");
  std::vector<Cluster> all;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    if (clusters[i] >= all.size()) all.resize(clusters[i] + 1);
    all[clusters[i]].push_back(profiles[i].id);
  }
  for (Cluster& cluster : all) std::sort(cluster.begin(), cluster.end());
  std::erase_if(all, [](const Cluster& cluster) { return cluster.empty(); });
  std::sort(all.begin(), all.end());
  return all;
}

// How many profiles of a cluster had an id before.
struct Claim {
  std::string person;
  std::size_t cluster = 0;
  std::size_t profiles = 0;
};

std::vector<Claim> claims_of(const PersonIds& before, const std::vector<Cluster>& clusters) {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    std::map<std::string, std::size_t> had;
    for (const std::string_view profile : clusters[i]) {
      const auto known = before.person_of.find(profile);
      if (known != before.person_of.end()) ++had[before.resolve(known->second)];
    }
    for (const auto& [person, profiles] : had) claims.push_back({person, i, profiles});
  }
  std::stable_sort(claims.begin(), claims.end(), [](const Claim& one, const Claim& other) {
    return std::tie(other.profiles, one.person, one.cluster) <
           std::tie(one.profiles, other.person, other.cluster);
  });
  return claims;
}

// Every id that was ever given.
std::set<std::string> given(const PersonIds& before) {
  std::set<std::string> ids;
  for (const auto& [profile, person] : before.person_of) ids.insert(person);
  for (const auto& [old, person] : before.became) ids.insert({old, person});
  return ids;
}

std::string new_id(std::string_view profile, std::set<std::string>& taken) {
  const std::string plain = "person:" + std::string(profile);
  std::string id = plain;
  for (int number = 2; !taken.insert(id).second; ++number) {
    id = plain + "/" + std::to_string(number);
  }
  return id;
}

}  // namespace

std::string PersonIds::resolve(std::string_view person) const {
  auto next = became.find(person);
  if (next == became.end()) return std::string(person);
  std::string id;
  while (next != became.end()) {
    id = next->second;
    next = became.find(id);
  }
  return id;
}

PersonIds continue_ids(const PersonIds& before, std::span<const Profile> profiles,
                       std::span<const std::uint32_t> clusters) {
  const std::vector<Cluster> people = gathered(profiles, clusters);
  std::vector<std::string> ids(people.size());
  std::set<std::string> kept;
  const std::vector<Claim> claims = claims_of(before, people);
  for (const Claim& claim : claims) {
    if (!ids[claim.cluster].empty() || kept.contains(claim.person)) continue;
    ids[claim.cluster] = claim.person;
    kept.insert(claim.person);
  }
  PersonIds after = before;
  std::set<std::string> taken = given(before);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (ids[i].empty()) ids[i] = new_id(people[i].front(), taken);
    for (const std::string_view profile : people[i]) {
      after.person_of[std::string(profile)] = ids[i];
    }
  }
  // An id that nobody bears any more leads to where most of those who bore it are.
  std::set<std::string> borne;
  for (const auto& [profile, person] : after.person_of) borne.insert(person);
  for (const Claim& claim : claims) {
    if (!borne.contains(claim.person)) after.became.emplace(claim.person, ids[claim.cluster]);
  }
  return after;
}

}  // namespace laurel
