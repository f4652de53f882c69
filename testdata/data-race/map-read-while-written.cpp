// One thread inserts in a map while another looks a key up.
#include <cstdio>
#include <map>
#include <string>
#include <thread>

std::map<std::string, int> ages;

void insert() {
  ages["Ada"] = 36; // expect: data-race
}

void look() {
  if (ages.find("Ada") != ages.end())
    std::puts("found");
}

int main() {
  std::thread writer(insert);
  std::thread reader(look);
  writer.join();
  reader.join();
}
