// Rounds: the ordering tokens that tell how often a thread has passed a barrier.
#pragma once

#include "analyzer/analysis/Terms.h"

#include <vector>

namespace threadlint {

/// After many passages of a barrier: its address, and what is left of their number divided by two. Two threads that passed the barrier
/// together so far are in one round, so steps with different numbers never meet.
inline constexpr std::int64_t kRoundToken = 110;

/// Adds what a callee did for the order of things to what its caller did `before`; both lists are sorted.
void addOrder(Terms &terms, std::vector<Term> &before, const std::vector<Term> &inner);
/// Forgets how often barriers were passed, where `joint` is to stand for two ways that differ in that.
void loseRounds(Terms &terms, std::vector<Term> &joint, const std::vector<Term> &other);
bool isLostRound(const Terms &terms, Term token);
/// 0 where no barrier was passed many times, 1 in even rounds, 2 in odd ones.
std::int64_t roundOf(const Terms &terms, const std::vector<Term> &order);

} // namespace threadlint
