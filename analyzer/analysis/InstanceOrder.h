// InstanceOrder: two locks of one class, when one is found through the other's object.
//
//   `x->mu` held, `x->next->mu` taken  =>  edge  Node::mu  ->  Node::mu of next
//
// An unresolved lock stands for its class in the graph, so an edge from one instance to another would be a loop at one node. Where both
// hang on one unknown base, the relation between them (the path from the outer object to the inner one) makes two nodes: the base's lock
// and the related one's. Taken in both orders, through the same relation, they close a cycle like two classes do. Locks taken in one direction
// along a list or towards the parents of a tree close none.
#pragma once

#include "analyzer/analysis/Terms.h"

#include <optional>

namespace threadlint {

struct InstanceNode {
  FieldId field = kNone; ///< the lock
  Term relation = 0;     ///< location of the pointer to the related object, its base left open
  bool isRelated = false;
  Term plain = 0; ///< node that the lock has otherwise
};

/// Nodes for `held` and `taken`, both of the node `plain`, when one leads to the other.
std::optional<std::pair<Term, Term>> instanceNodes(Terms &terms, Term held, Term taken, Term plain);

/// What such a node says.
std::optional<InstanceNode> instanceNodeOf(const Terms &terms, Term node);

} // namespace threadlint
