package config

// What docs/configuration.md says beside the tables.

const introduction = `
# Configuration

Two files, and neither is needed: without them every Mastodon in a repository is found and has the defaults.

| file | where | says | read |
|-|-|-|-|
| ` + "`bot.yaml`" + ` | in the repository | policy: which application is which, and what may be proposed when | from the base branch, in every pass |
| the operator's file | with whoever runs ` + "`bot`" + `, given by ` + "`--config`" + ` | what a repository must not decide: which repositories, credentials by reference, where notifications go, how the service listens | at the start; by ` + "`bot serve`" + ` again when it changes |

The two share no key but ` + "`version`" + `. A policy can name neither a target nor a secret, so that whoever may change the repository cannot make the
bot talk to strangers. A change of ` + "`bot.yaml`" + ` counts once it is merged: a pull request cannot loosen the rules that it is judged by.

` + "```console" + `
$ bot init --path .                           # write a commented bot.yaml that means the defaults
$ bot config check                            # every mistake in bot.yaml, with line and column
$ bot config check --kind operator operator.yaml
$ bot config schema policy > bot.schema.json  # JSON Schema, for editors; operator has one too
` + "```" + `

What is not known is refused, not ignored: a misspelt key, a wrong type, a value that contradicts another. The schemas are also in [docs/schema](schema);
an editor with YAML support takes one from the first line of the file:

` + "```yaml" + `
# yaml-language-server: $schema=` + schemaAddress + `policy.json
` + "```" + `
`

const aboutPolicy = `
Every key at once, to see where it stands; nobody needs all of them. An entry is about the application that its ` + "`name`" + ` or its ` + "`root`" + ` means; in a
repository with a single Mastodon it needs neither. Applications without an entry have the defaults. Anchors, aliases and merge keys (` + "`<<`" + `) work.
`

const aboutOperator = `
The flags go before the file: ` + "`--repo owner/name`" + ` takes the place of ` + "`repositories`" + `, with the branch that the file has for that repository. Without ` + "`github`" + ` the token is taken
from the environment variable ` + "`GITHUB_TOKEN`" + `.
`

const kindsOfValues = `
## Kinds of values

| value | is written | means |
|-|-|-|
| duration | ` + "`90m`, `24h`, `7d`, `1d12h`" + ` | days of 24 hours, hours, minutes and seconds, in this order, whole numbers |
| date | ` + "`2026-12-31`, `2026-12-31T18:00:00Z`" + ` | a date means the end of that day in UTC |
| cron expression | ` + "`0 6-20 * * 1-5`" + ` | minute, hour, day of the month, month, day of the week. Pull requests may be opened for an hour from each of the times of ` + "`windows.open`" + ` |
| time zone | ` + "`Europe/Stockholm`, `UTC`" + ` | a name of the time zone database; never the machine's own zone |
| range of versions | ` + "`<4.7.0`, `>=4.4.0 <4.7.0`, `4.4.x`" + ` | conditions that must all hold |
| version | ` + "`v4.5.3`, `nightly.2026-01-02`" + ` | one release, complete; ` + "`v4.5`" + ` is none |
| glob | ` + "`docs/*.md`, `**/archive/**`" + ` | from the repository's top; ` + "`*`" + ` stays in its folder, ` + "`**`" + ` stands for any number of folders |
| platform | ` + "`linux/amd64`, `linux/arm64`" + ` | as registries write it |
| reference to a secret | ` + "`{env: NAME}` or `{file: /path}`" + ` | see [below](#a-reference-to-a-secret) |
`

const aboutSources = `
### A reference to a secret

Exactly one of the two keys says where it is. The secret itself is never in the file, and what stands in its place by mistake is never shown. White space around it
is dropped.
`
