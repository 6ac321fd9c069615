// Package config reads the two configuration files and hands out values that are complete and true.
//
// bot.yaml, in the repository, is policy: which application is which, and what may be proposed when.
// The operator's file holds what a repository must not decide: repositories, credentials by reference,
// where notifications go, how the service listens. The two share no key but version, and a policy can
// name neither a target nor a secret.
//
// It knows both files, their JSON Schema, their defaults, and where in a file a mistake is. One table of
// keys a file (policyShape, operatorShape) is the only source of all four: what it does not name is
// refused, what it documents is in the schema.
//
// It must not know what becomes of a value: no registry, no git, no GitHub, no clock. It opens no file
// and reads no environment by itself; [Source.Read] is handed both.
package config
