#include "coxa/phantom/vessel_course.hpp"

#include <nlohmann/json.hpp>

namespace coxa {

Result<std::vector<VesselCourse>> vesselCoursesFromJson(const std::string& json) {
  try {
    std::vector<VesselCourse> courses;
    const auto document = nlohmann::json::parse(json);
    for (const auto& row : document.at("courses")) {
      VesselCourse course;
      course.structure = row.at("structure").get<std::string>();
      for (const auto& point : row.at("points"))
        course.points.emplace_back(point.at(0).get<double>(), point.at(1).get<double>(),
                                   point.at(2).get<double>());
      course.diametersMm = row.at("diametersMm").get<std::vector<double>>();
      if (course.points.size() < 2 || course.diametersMm.size() != course.points.size())
        return badInput("The course of " + course.structure +
                        " needs two points or more and one diameter for each. Install Coxa again.");
      courses.push_back(std::move(course));
    }
    return courses;
  } catch (const std::exception& error) {
    return badInput("The vessels' courses are malformed. Install Coxa again.", error.what());
  }
}

}  // namespace coxa
