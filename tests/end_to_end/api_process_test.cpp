// The executable as operators know it: started, told to read its programme again, stopped, killed.

#include <fstream>
#include <thread>

#include "api_fixture.hpp"
#include "laurel_process.hpp"
#include "temporary_folder.hpp"

namespace laurel::test {
namespace {

class ApiProcess : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_.path() / "rules");
    write(kProgramme);
  }
  void write(std::string_view yaml) { std::ofstream(folder_.file("rules/programme.yaml")) << yaml; }
  Process serve() { return {folder_.path() / "rules", "sqlite:" + folder_.file("laurel.db")}; }
  static Answer post(const Process& process, const std::string& body) {
    return RawClient(process.port()).ask(post_request("/v1/transactions", body));
  }
  static Answer get(const Process& process, std::string_view target) {
    return RawClient(process.port()).ask(get_request(target));
  }
  TemporaryFolder folder_;
};

TEST_F(ApiProcess, says_that_it_is_a_sandbox_and_where_it_listens) {
  Process process = serve();
  EXPECT_NE(process.greeting().find("SANDBOX"), std::string::npos) << process.greeting();
  EXPECT_NE(process.port(), 0);
  EXPECT_EQ(get(process, "/readyz").status, 200);
}

TEST_F(ApiProcess, ends_in_order_when_told_to) {
  Process process = serve();
  EXPECT_EQ(post(process, sale("till", "1", "5.00")).status, 201);
  EXPECT_EQ(process.finish(SIGTERM), 0);
}

TEST_F(ApiProcess, A8_an_acknowledged_sale_survives_a_kill_and_is_answered_again) {
  const std::string body = sale("till", "1", "5.00");
  std::string entry;
  {
    Process process = serve();
    entry = at(post(process, body).body, "/entry");
    EXPECT_EQ(process.finish(SIGKILL), -1);
  }
  Process process = serve();
  const Answer again = post(process, body);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(at(again.body, "/entry"), entry);
}

TEST_F(ApiProcess, reads_the_programme_again_on_a_hangup_and_keeps_the_old_one_if_it_is_broken) {
  Process process = serve();
  const std::string digest = at(get(process, "/readyz").body, "/programme/digest");
  write("programme: [");
  process.send(SIGHUP);
  Answer ready = get(process, "/readyz");
  for (int i = 0; i < 1'000 && at(ready.body, "/stale") == "absent"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ready = get(process, "/readyz");
  }
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(at(ready.body, "/stale"), "{2}");
  EXPECT_EQ(at(ready.body, "/programme/digest"), digest);
}

}  // namespace
}  // namespace laurel::test
