// Secrets of machines, such as HF_TOKEN: environment variables of the runs that start there. Their names are
// in the store's settings, their values in the system's keychain and nowhere else of ours.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace retort {

class StoreReader;
class StoreWriter;

using Secrets = std::map<std::string, std::string>;

/// What is wrong with the name of an environment variable, or with a value of one line; empty: nothing.
std::string problemOfSecretName(const std::string& name);
std::string problemOfSecretValue(const std::string& value);

/// The setting of the store that holds the names of a machine's secrets: a list of texts.
std::string secretsSetting(const std::string& machine);
std::vector<std::string> secretNames(StoreReader& reader, const std::string& machine);

/// Why nothing can be kept here; empty: a keychain answers. This and what follows block: where the keychain
/// is locked, until the user has answered its question, two minutes at most. They need the program's own
/// thread to run its loop of events, or to be called in it. `stop` is asked ten times a second.
std::string keychainTrouble(const std::function<bool()>& stop = nullptr);
/// Throws Error with the name of one that is not in the keychain.
Secrets readSecrets(const std::string& machine, const std::vector<std::string>& names,
                    const std::function<bool()>& stop = nullptr);
void writeSecret(const std::string& machine, const std::string& name, const std::string& value,
                 const std::function<bool()>& stop = nullptr);
/// One that is not there is no error.
void removeSecret(const std::string& machine, const std::string& name,
                  const std::function<bool()>& stop = nullptr);

/// Those of a machine that goes, with their names. What the keychain refuses stays in it.
void forgetSecrets(StoreReader& reader, StoreWriter& writer, const std::string& machine,
                   const std::function<bool()>& stop = nullptr);

}  // namespace retort
