// LockWords: names of the classes first; then those that several locks share are made longer.
#include "checks/LockWords.h"

#include <algorithm>
#include <set>

namespace threadlint {

LockWords::LockWords(const Analysis &analysis, const Describer &describer,
                     const std::vector<Term> &locks)
    : analysis_(analysis), describer_(describer) {
  std::map<std::string, std::vector<Term>> byName;
  for (Term lock : locks) {
    std::vector<Term> &same = byName[describer.name(lock)];
    if (Term one = object(lock); std::find(same.begin(), same.end(), one) == same.end())
      same.push_back(one);
  }
  for (const auto &[name, same] : byName) {
    std::set<std::string> known;
    for (Term one : same)
      known.insert(knownName(one));
    const bool areKnown = known.size() == same.size() && !known.contains("");
    for (std::size_t i = 0; i < same.size(); ++i)
      words_[same[i]] = same.size() == 1 ? name : areKnown ? knownName(same[i]) : other(same[i], i);
  }
}

/// What number `i` of several locks is called that nobody can tell apart but in number.
std::string LockWords::other(Term lock, std::size_t i) const {
  const std::string name = describer_.name(lock);
  if (i == 0)
    return name;
  const std::string which = i == 1 ? "another " : i == 2 ? "a third " : "a fourth ";
  const TermKind kind = analysis_.engine->terms[lock].kind;
  if (kind == TermKind::Field || kind == TermKind::Project)
    return name + " of " + which + "object";
  if (name.ends_with("[]"))
    return which + "element of " + name.substr(0, name.size() - 2);
  return which + name;
}

Term LockWords::object(Term lock) const {
  PointsTo &points = analysis_.model->pointsTo();
  const std::vector<Term> &locations = points.locations(lock);
  return locations.size() == 1 ? points.normalized(locations[0]) : lock;
}

/// An object as one would write it in the program; empty when nobody knows which it is.
std::string LockWords::objectName(Term object) const {
  const TermNode &node = analysis_.engine->terms[object];
  switch (node.kind) {
  case TermKind::Variable:
  case TermKind::Object:
    return describer_.name(object);
  case TermKind::Field: {
    std::string outer = objectName(node.a);
    const Program &program = *analysis_.program;
    if (outer.empty() || node.b >= program.fields.size())
      return {};
    return outer + "." + std::string(program.text(program.fields[node.b].name));
  }
  case TermKind::Index: {
    std::string array = objectName(node.a);
    return array.empty() ? array : array + "[" + std::to_string(node.n) + "]";
  }
  default:
    return {};
  }
}

/// The name of a lock together with what it is a part of; empty when that is not known.
std::string LockWords::knownName(Term lock) const {
  const TermNode &node = analysis_.engine->terms[lock];
  if (node.kind == TermKind::Index)
    return objectName(lock);
  if (node.kind == TermKind::Variable) {
    Place place = describer_.place(analysis_.program->vars[node.a].range);
    return describer_.name(lock) + " of " + place.file + ":" + std::to_string(place.line);
  }
  if (node.kind != TermKind::Field)
    return {};
  std::string owner = objectName(node.a);
  return owner.empty() ? owner : describer_.name(lock) + " of " + owner;
}

} // namespace threadlint
