// Two TUs that each keep a static variable and a static function of the same names.
#pragma once

void countReads();
void countWrites();
