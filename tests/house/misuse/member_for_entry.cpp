#include "laurel/ids.hpp"

laurel::EntryId read(laurel::EntryId entry);

laurel::EntryId first([[maybe_unused]] laurel::MemberId member, laurel::EntryId entry) {
#ifdef MISUSE
  entry = member;
#endif
  return read(entry);
}
