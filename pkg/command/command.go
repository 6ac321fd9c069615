package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/version"
)

// Verb is what is asked for.
type Verb string

// The verbs.
const (
	Bump   Verb = "bump"   // propose this version
	Rebase Verb = "rebase" // write the branch anew on the present base
	Ignore Verb = "ignore" // never propose this version by itself
	Check  Verb = "check"  // say what would be proposed, and why not the rest
	Help   Verb = "help"
)

// Prefix begins a command.
const Prefix = "/bot"

// Command is one line that was understood, or not.
type Command struct {
	// Verb is Help too where the line was not understood.
	Verb Verb
	// To is the version of Bump and Ignore; of Ignore it may be missing, and is
	// then that of the pull request.
	To version.Version
	// Application by name; "": that of the pull request, or the only one.
	Application string
	// Problem is what is wrong with the line, in a sentence without a full
	// stop; "": nothing.
	Problem string
}

// Has tells whether the command names a version.
func (c Command) Has() bool { return c.To.Fixed() }

// String is the command as a person would write it.
func (c Command) String() string {
	words := []string{Prefix, string(c.Verb)}

	if c.Has() {
		words = append(words, c.To.String())
	}

	if c.Application != "" {
		words = append(words, c.Application)
	}

	return strings.Join(words, " ")
}

// Line reads one line. It is no command unless it begins with /bot and a space
// or nothing.
func Line(line string) (Command, bool) {
	words := strings.Fields(line)
	if len(words) == 0 || words[0] != Prefix {
		return Command{}, false
	}

	if len(words) == 1 {
		return Command{Verb: Help}, true
	}

	verb := Verb(strings.ToLower(words[1]))

	if slices.Contains([]Verb{Bump, Rebase, Ignore, Check, Help}, verb) {
		return read(verb, words[2:]), true
	}

	return wrong("there is no command %q", clip(words[1])), true
}

// read understands what follows a verb: a version, where it takes one, and the
// name of an application, in either order.
func read(verb Verb, words []string) Command {
	c := Command{Verb: verb}

	for _, word := range words {
		v, is := parse(word)

		switch {
		case is && (verb == Bump || verb == Ignore) && !c.Has():
			c.To = v
		case is && c.Has():
			return wrong("%s takes one version", verb)
		case is:
			return wrong("%s takes no version", verb)
		case c.Application == "" && isName(word):
			c.Application = word
		default:
			return wrong("%s does not take %q", verb, clip(word))
		}
	}

	if verb == Bump && !c.Has() {
		if c.Application != "" {
			return wrong("%q is no complete version, like v4.5.2", clip(c.Application))
		}

		return wrong("bump needs a version, like v4.5.2")
	}

	return c
}

// parse takes a version with or without its v.
func parse(word string) (version.Version, bool) {
	v := version.Parse(word)
	if !v.Fixed() && word != "" && word[0] >= '0' && word[0] <= '9' {
		v = version.Parse("v" + word)
	}

	return v, v.Fixed()
}

// isName tells what can be the name of an application: what begins branches.
func isName(word string) bool {
	if len(word) > maxWord || strings.HasPrefix(word, "-") {
		return false
	}

	for _, r := range word {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r) {
			return false
		}
	}

	return word != ""
}

// maxWord bounds what of a stranger's word is repeated, in bytes.
const maxWord = 64

func clip(word string) string {
	if len(word) > maxWord {
		word = strings.ToValidUTF8(word[:maxWord], "") + "…"
	}

	return word
}

func wrong(format string, args ...any) Command {
	return Command{Verb: Help, Problem: fmt.Sprintf(format, args...)}
}
