#include "columns/cubes.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

// Of one group, which has as many rows of each class.
CubePtr cube_of(std::uint32_t classes, std::int64_t rows) {
  auto cube = std::make_shared<Cube>();
  cube->classes = classes;
  cube->width = 1;
  cube->groups = {0};
  cube->cells.assign(classes, rows);
  return cube;
}

// A report of many columns has cubes of half a megabyte: those of a hundred million calls take more than the least
// room.
TEST(CubeTowers, OfManySegmentsStayUntilTheirCubesAreOthers) {
  std::vector<CubePtr> cubes;
  for (int segment = 0; segment < 128; ++segment) cubes.push_back(cube_of(75'000, segment));
  CubeTowers towers;
  const auto sum = towers.sum("a", 0, cubes);
  EXPECT_EQ(sum->cells.front(), 127 * 128 / 2);
  EXPECT_EQ(towers.sum("a", 0, cubes), sum);
  cubes[77] = cube_of(75'000, 1000);
  EXPECT_EQ(towers.sum("a", 0, cubes)->cells.back(), 127 * 128 / 2 - 77 + 1000);
}

TEST(CubeTowers, BeginAnewWhereTheyAreTooMany) {
  const std::vector<CubePtr> cubes(4, cube_of(3'000'000, 1));
  CubeTowers towers;
  const std::weak_ptr<const Cube> first = towers.sum("a", 0, cubes);
  EXPECT_FALSE(first.expired());
  towers.sum("b", 0, cubes);
  EXPECT_TRUE(first.expired());
}

}  // namespace
}  // namespace hkl
