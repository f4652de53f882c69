// static-local-other.cpp: the initialiser of a static local uses another one.
struct Config {
  Config();
  int size = 0;
};

struct Registry {
  Registry();
  int size = 0;
};

Config &config() {
  static Config instance;
  return instance;
}

Registry &registry() {
  static Registry instance;
  return instance;
}

Config::Config() { size = 1; }
Registry::Registry() { size = config().size + 1; }

int main() { return registry().size; }
