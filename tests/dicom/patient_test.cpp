#include "coxa/dicom/patient.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <type_traits>

namespace coxa {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Streamable<PersonName>);
static_assert(!std::is_convertible_v<PersonName, std::string>);
static_assert(!std::is_convertible_v<PersonName, std::string_view>);

TEST(PersonName, ShowsTheIdeographicGroupFirst) {
  const PersonName japanese("Yamada^Tarou=山田^太郎=やまだ^たろう");
  EXPECT_EQ(japanese.forScreen(), "山田 太郎");
  EXPECT_EQ(japanese.alphabeticForScreen(), "Yamada Tarou");
  EXPECT_EQ(japanese.phoneticForScreen(), "やまだ たろう");
  EXPECT_EQ(PersonName("Doe^Jane^^Dr ").forScreen(), "Doe Jane Dr");
  EXPECT_EQ(PersonName("").forScreen(), "");
}

TEST(Pseudonym, IsStableShortAndFollowsTheIdentity) {
  const std::string pseudonym = pseudonymFor("12345", PersonName("Doe^Jane"));
  // printf 'coxa patient id:12345' | sha256sum
  EXPECT_EQ(pseudonym, "P-945D38");
  EXPECT_EQ(pseudonym, pseudonymFor("12345", PersonName("Roe^Jane")));
  EXPECT_NE(pseudonym, pseudonymFor("12346", PersonName("Doe^Jane")));
  EXPECT_NE(pseudonymFor("", PersonName("A")), pseudonymFor("", PersonName("B")));
}

}  // namespace
}  // namespace coxa
