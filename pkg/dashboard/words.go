package dashboard

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/history"
)

// words are what the templates say in their own way.
func words() template.FuncMap {
	return template.FuncMap{
		"span":    history.Span,
		"day":     func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
		"minute":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") },
		"machine": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"short":   func(hash string) string { return hash[:min(len(hash), 10)] },
		"count":   count,
		"join":    strings.Join,
		"chip":    func(class, text string) chip { return chip{class, text} },
	}
}

// chip is a few words in a colour that means something; the words mean it too.
type chip struct{ Class, Text string }

// count says a number of things: "1 release", "3 releases".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}

	if stem, ok := strings.CutSuffix(one, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}

	return fmt.Sprintf("%d %ss", n, one)
}

// fileURL is where a line of a repository is read; "" where nobody knows.
func fileURL(repository, commit, file string, line int) string {
	if repository == "" || commit == "" || file == "" {
		return ""
	}

	parts := strings.Split(file, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}

	at := repository + "/blob/" + url.PathEscape(commit) + "/" + strings.Join(parts, "/")
	if line > 0 {
		at += fmt.Sprintf("#L%d", line)
	}

	return at
}
