// LockGraphSvg: a circle is not the best layout, but it shows every arrow.
#include "analyzer/report/LockGraphSvg.h"

#include "analyzer/report/Escapes.h"
#include "analyzer/report/Report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace threadlint {
namespace {

struct Point {
  double x = 0, y = 0;
};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

} // namespace

std::string lockGraphSvg(const std::vector<LockOrderEdge> &edges) {
  if (edges.empty())
    return {};
  std::map<std::string, Point> points;
  for (const LockOrderEdge &edge : edges)
    for (const std::string &name : {edge.from, edge.to})
      points[name];
  constexpr double kTurn = 6.283185307179586;
  const double radius = std::max(120.0, 26.0 * static_cast<double>(points.size()));
  const double half = radius + 160;
  std::size_t i = 0;
  for (auto &[name, point] : points) {
    double angle = kTurn * static_cast<double>(i++) / static_cast<double>(points.size());
    point = {half + radius * std::sin(angle), half - radius * std::cos(angle)};
  }
  std::string size = number(2 * half);
  std::string text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"lock-order graph\" "
      "viewBox=\"0 0 " +
      size + " " + size +
      "\"><defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" "
      "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"context-stroke\"/>"
      "</marker></defs>";
  bool hasTrace = std::any_of(edges.begin(), edges.end(), [](const LockOrderEdge &edge) {
    return edge.origin != EdgeOrigin::Static;
  });
  for (const LockOrderEdge &edge : edges) {
    Point a = points[edge.from], b = points[edge.to];
    double dx = b.x - a.x, dy = b.y - a.y, length = std::max(1.0, std::hypot(dx, dy));
    // Bent to the right, so that the two arrows of a pair are two.
    Point middle{(a.x + b.x) / 2 - dy / length * 24, (a.y + b.y) / 2 + dx / length * 24};
    double cut = 12 / length;
    text += std::string("<path class=\"edge") + (edge.isInCycle ? " cycle" : "") +
            (hasTrace ? " " + std::string(nameOf(edge.origin)) : "") + "\" d=\"M" +
            number(a.x + dx * cut) + " " + number(a.y + dy * cut) + "Q" + number(middle.x) + " " +
            number(middle.y) + " " + number(b.x - dx * cut) + " " + number(b.y - dy * cut) +
            "\" marker-end=\"url(#tip)\"><title>" +
            escapeXml(edge.to + " is taken while " + edge.from + " is held, in " + edge.function +
                      " at " + edge.place.file + ":" + std::to_string(edge.place.line)) +
            "</title></path>";
  }
  for (const auto &[name, point] : points)
    text += "<circle cx=\"" + number(point.x) + "\" cy=\"" + number(point.y) +
            "\" r=\"6\"/><text x=\"" + number(point.x) + "\" y=\"" +
            number(point.y > half + 1 ? point.y + 22 : point.y - 12) +
            "\" text-anchor=\"middle\">" + escapeXml(name) + "</text>";
  return text + "</svg>";
}

} // namespace threadlint
