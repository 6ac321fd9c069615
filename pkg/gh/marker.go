package gh

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

const (
	// markerVersion is written; a newer one is read as far as it is known.
	markerVersion = 1
	markerOpens   = "<!-- bot:pull-request "
	markerCloses  = " -->"
	maxMarker     = 4096

	// BranchPrefix begins every branch of ours.
	BranchPrefix = "bot/"
)

// Branch is the head branch of an application's track: "bot/<application>/<track>".
func Branch(application, track string) string {
	return BranchPrefix + application + "/" + track
}

// Marker is what a pull request says to the program, hidden in its body.
//
// It is one HTML comment on a line of its own, the last thing that Ensure
// writes. What counts when it is read is the last line that is a marker and
// nothing else, starts in the first column, and stands outside a code fence:
// people may edit the body above and below it, and text of strangers, which
// passes Inert, can hold no HTML comment at all.
type Marker struct {
	// Version is the marker's own format; String writes the current one.
	Version     int    `json:"version"`
	Application string `json:"application"`
	Track       string `json:"track"`
	// From and To are the versions as people read them.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Hash is the caller's: of whatever the pull request was made from.
	Hash string `json:"hash,omitempty"`
	// Text is the fingerprint of the title and the body that Ensure wrote, so
	// that what people change in them is left alone until there is something
	// new to say. Ensure fills it.
	Text string `json:"text,omitempty"`
	// Retired is why the program itself closed the pull request. A closed one
	// without it was closed by a person.
	Retired string `json:"retired,omitempty"`
}

// String is the marker as it stands in a body.
func (m Marker) String() string {
	m.Version = markerVersion

	// Marshal escapes <, > and &, so that no value can close the comment.
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // strings and an int always marshal
	}

	return markerOpens + string(data) + markerCloses
}

// ParseMarker finds the marker of a body, whatever its line endings.
func ParseMarker(body string) (Marker, bool) {
	var found Marker

	for line := range unfenced(body) {
		if m, ok := parseMarkerLine(line); ok {
			found = m
		}
	}

	return found, found.Version > 0
}

func parseMarkerLine(line string) (Marker, bool) {
	data, ok := hidden(line, markerOpens)
	if !ok {
		return Marker{}, false
	}

	var m Marker
	if err := json.Unmarshal([]byte(data), &m); err != nil {
		return Marker{}, false
	}

	return m, m.Version >= 1 && m.Application != "" && m.Track != ""
}

// hidden is what a line that is one hidden comment of ours says.
func hidden(line, opens string) (string, bool) {
	line = strings.TrimRight(line, " \t\r")
	data, opened := strings.CutPrefix(line, opens)
	data, closed := strings.CutSuffix(data, markerCloses)

	// A ">" can only have come from someone else: ours are escaped.
	return data, opened && closed && len(line) <= maxMarker && !strings.Contains(data, ">")
}

// fingerprint is short, since it tells edits apart and guards nothing.
func fingerprint(title, body string) string {
	sum := sha256.Sum256([]byte(title + "\x00" + body))

	return hex.EncodeToString(sum[:8])
}
