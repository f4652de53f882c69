// FactsBuilder: event graphs written in a little language, so that a test of the analysis needs no Clang.
//
//   "mutex m; int x; fn main { lock m; write x; unlock m }"  -->  TuFacts
//
// The ranges of events are the lines and columns of the text. A statement ends at a line end or `;`.
//
//   declarations  [static|extern|tls] TYPE name...     record R [: Base] { TYPE name...; ... }     overrides D::f B::f
//                 [static] fn name[captures](TYPE param, ...) { statements }      `R::name` is a method of record R, `main` is main
//   TYPE          int bool atomic mutex recursive errorcheck rwlock thread pthread jthread sem cond once attr, a record, TYPE*, TYPE[]
//   path          x  x.f  p->f  *p  a[3]  a[i]  a[]  this->f  $capture
//   value         7  ?  path  &path  @function  closure f(values)  bind(values)  !value  value == value (and != < +)
//   memory        read P | write P [V] | rmw P | init P [V] | aread P | awrite P [V] | P = V | P = alloc [TYPE]
//   locks         lock [shared] P... | r = try P... (true: taken) | r = trylock P (0: taken) | unlock P... | initlock P TYPE
//   guards        guard g P... [defer|adopt|try|shared] | glock g | r = gtry g | gunlock g | grelease g | gmove to from | gswap a b |
//                 r = owns g | end g
//   calls         [r =] call f(V, ...) | [r =] icall V(V, ...) | [r =] vcall B::f(V, ...) | return [V] | throw | exit | threadexit
//   threads       spawn P f(V, ...) [detached] | join P | detach P | drop P | hmove to from | r = joinable P
//   waiting       post P | wait P | cwait CV MUTEX | notify CV | oncecall P @f
//   control       if V { } else { } | while V { } | goto l | label l       (condition `?`: both ways)
//
// A local without a declaration is an int. A wrong text ends the test program with a message.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <string>
#include <string_view>

namespace threadlint {

TuFacts buildFacts(std::string_view text, const std::string &mainFile = "a.cpp");

} // namespace threadlint
