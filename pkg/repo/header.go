package repo

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// Person is who made a commit, and when.
type Person struct {
	Name, Email string
	When        time.Time
}

// LogEntry is one commit of a history.
type LogEntry struct {
	Hash              string
	Parents           []string
	Author, Committer Person
	Message           string
}

// header is a commit object, decoded as far as anything here needs it.
type header struct {
	tree              plumbing.Hash
	parents           []plumbing.Hash
	author, committer Person
	signature         string // armored; "": none
	message           string
}

// parseHeader decodes a commit object. Headers that it does not know
// (signatures, encodings) are passed over: they are not for us.
func parseHeader(data []byte) (header, error) {
	head, message, found := bytes.Cut(data, []byte("\n\n"))
	if !found {
		head = bytes.TrimSuffix(data, []byte("\n"))
	}

	h := header{message: string(message)}

	for line := range strings.SplitSeq(string(head), "\n") {
		key, value, _ := strings.Cut(line, " ")

		switch key {
		case "tree":
			h.tree = plumbing.NewHash(value)
		case "parent":
			h.parents = append(h.parents, plumbing.NewHash(value))
		case "author":
			h.author = parsePerson(value)
		case "committer":
			h.committer = parsePerson(value)
		}
	}

	if h.tree.IsZero() {
		return header{}, fmt.Errorf("malformed commit: it names no tree")
	}

	return h, nil
}

// parsePerson reads "Name <email> seconds zone"; what cannot be read is empty,
// for history holds all kinds and only people read this.
func parsePerson(text string) Person {
	open, shut := strings.IndexByte(text, '<'), strings.LastIndexByte(text, '>')
	if open < 0 || shut < open {
		return Person{Name: strings.TrimSpace(text)}
	}

	p := Person{Name: strings.TrimSpace(text[:open]), Email: text[open+1 : shut]}
	seconds, zone, _ := strings.Cut(strings.TrimSpace(text[shut+1:]), " ")

	if n, err := strconv.ParseInt(seconds, 10, 64); err == nil {
		p.When = time.Unix(n, 0).In(parseZone(zone))
	}

	return p
}

// parseZone reads +hhmm.
func parseZone(zone string) *time.Location {
	n, err := strconv.Atoi(zone)
	if err != nil || n == 0 {
		return time.UTC
	}

	return time.FixedZone(zone, (n/100*60+n%100)*60)
}

// encode writes the commit object as git does; times are written in UTC, so
// that where a program runs leaves no trace.
func (h header) encode() []byte {
	var b bytes.Buffer

	fmt.Fprintf(&b, "tree %s\n", h.tree)

	for _, p := range h.parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}

	fmt.Fprintf(&b, "author %s\ncommitter %s\n", h.author.line(), h.committer.line())

	if h.signature != "" {
		// The lines after the first belong to the header by their space.
		fmt.Fprintf(&b, "gpgsig %s\n", strings.ReplaceAll(h.signature, "\n", "\n "))
	}

	fmt.Fprintf(&b, "\n%s", h.message)

	return b.Bytes()
}

func (p Person) line() string {
	return fmt.Sprintf("%s <%s> %d +0000", plain(p.Name), plain(p.Email), p.When.Unix())
}

// plain takes out what would end a name or an address early, as git does.
func plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '<' || r == '>' || r < ' ' {
			return -1
		}

		return r
	}, s))
}

func (h header) entry(hash plumbing.Hash) LogEntry {
	return LogEntry{
		Hash: hash.String(), Parents: hashStrings(h.parents), Author: h.author, Committer: h.committer, Message: h.message,
	}
}

func hashStrings(hashes []plumbing.Hash) []string {
	s := make([]string, len(hashes))
	for i, h := range hashes {
		s[i] = h.String()
	}

	return s
}
