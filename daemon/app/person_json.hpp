#pragma once
// Merges, erasures and all that is held about a person, as JSON.

#include <string_view>

#include "app/answer_json.hpp"
#include "json/writer.hpp"
#include "laurel/merging.hpp"
#include "laurel/privacy.hpp"

namespace laurel::daemon {

// `what`: "merge" or "unmerge", the name of the field that holds the key.
void write_merge(json::Writer& writer, std::string_view what, const TransactionKey& key,
                 const MergeReceipt& receipt);
void write_erasure(json::Writer& writer, const TransactionKey& key, const ErasureReceipt& receipt,
                   const Display& display);
// No value of a profile: members by id, fields by name and level, weights in bits.
void write_candidates(json::Writer& writer, const std::vector<Candidate>& candidates);
void write_personal_data(json::Writer& writer, const PersonalData& data, const Display& display);

}  // namespace laurel::daemon
