package rival

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Snippet is what a person writes to keep an updater off the images.
type Snippet struct {
	// Where says in half a sentence what to do with the text: "in renovate.json, among packageRules".
	Where string
	// Language of the text, as a code fence names it: json, yaml, "" for none.
	Language string
	// Text is whole lines; "" where there is nothing to write.
	Text string
}

// snippet keeps an updater off all of the images, also those that it does not move today.
func snippet(u Updater, file string, r Rival, images []string) Snippet {
	switch u {
	case Renovate:
		return renovateSnippet(file, images)
	case Dependabot:
		return Snippet{
			Where: "in " + file + ", in every entry whose package-ecosystem is docker, docker-compose or helm", Language: "yaml",
			Text: "ignore:\n" + each(images, func(image string) string { return fmt.Sprintf("  - dependency-name: %q\n", withoutHost(image)) }),
		}
	case Flux:
		return Snippet{Where: "delete the comments that hold $imagepolicy from these lines", Text: list(r.Places)}
	case Keel:
		return Snippet{Where: "in " + file + ", in the place of the policy", Language: "yaml", Text: "keel.sh/policy: never\n"}
	case ImageUpdater:
		return Snippet{
			Where: "in " + file + ", delete these from the images to update",
			Text:  each(r.Images, func(image string) string { return image + "\n" }),
		}
	}

	return Snippet{}
}

// renovateSnippet is a rule of Renovate's. It goes to the end, since the last rule that matches decides.
func renovateSnippet(file string, images []string) Snippet {
	rule := struct {
		Description  string   `json:"description"`
		PackageNames []string `json:"matchPackageNames"`
		Enabled      bool     `json:"enabled"`
	}{"Mastodon moves as one release, with its notes, by another bot", images, false}

	return Snippet{Where: "in " + file + ", as the last of packageRules", Language: "json", Text: indented(rule)}
}

func indented(v any) string {
	var b bytes.Buffer

	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")

	if err := enc.Encode(v); err != nil {
		panic(err) // strings and a boolean always encode
	}

	return b.String()
}

// withoutHost is an image as Dependabot calls it: without its registry.
func withoutHost(image string) string {
	host, path, ok := strings.Cut(image, "/")
	if ok && strings.ContainsAny(host, ".:") {
		return path
	}

	return image
}

func each(images []string, line func(string) string) string {
	var b strings.Builder
	for _, image := range images {
		b.WriteString(line(image))
	}

	return b.String()
}

func list(places []Place) string {
	var b strings.Builder
	for _, p := range places {
		fmt.Fprintf(&b, "%s:%d\n", p.File, p.Line)
	}

	return b.String()
}
