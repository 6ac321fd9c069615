package notify

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"
)

// Slack's limits, in characters. They are kept in UTF-16 code units, the longest count of any text.
const (
	maxFallback = 3000
	maxHeader   = 150
	maxSection  = 3000
	maxFieldLen = 2000
	maxFields   = 10
	maxURL      = 3000
	maxListed   = 20
)

// content is a message: blocks, and the text for notifications and for clients that show no blocks.
type content struct {
	text   string
	blocks []slack.Block
}

// message is the event in full. group is the id of the user group that a security event mentions; empty: none.
func message(e Event, group string) content {
	c := content{text: escape(headline(e), maxFallback)}
	c.blocks = append(c.blocks, slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, cut(names.Replace(headline(e)), maxHeader), false, false)))
	c.section(mention(e, group) + link(e.PullRequest))
	c.fields(facts(e))
	c.section(missing(e))
	c.section(escape(cleanLines(e.Summary), maxSection))
	c.section(pre(strings.Join(e.Lines, "\n")))
	c.section(pre(e.Err))
	c.section(pre(e.Log))
	return c
}

// reply is what a thread says about an event: what its first message, which shows the rest, did not say before.
func reply(e Event, group string) content {
	text := "*" + escape(headline(e), maxSection/4) + "*"
	if m := mention(e, group); m != "" {
		text = m + text
	}
	c := content{text: escape(headline(e), maxFallback)}
	c.section(text)
	c.fields(e.Facts)
	c.section(escape(cleanLines(e.Summary), maxSection))
	c.section(pre(strings.Join(e.Lines, "\n")))
	c.section(pre(e.Log))
	return c
}

// section adds a text of mrkdwn, unless there is none.
func (c *content) section(mrkdwn string) {
	if mrkdwn = strings.TrimSpace(mrkdwn); mrkdwn != "" {
		c.blocks = append(c.blocks, slack.NewSectionBlock(verbatim(mrkdwn), nil, nil))
	}
}

func (c *content) fields(all [][2]string) {
	var fields []*slack.TextBlockObject
	for _, f := range all[:min(len(all), maxFields)] {
		fields = append(fields, verbatim("*"+escape(f[0], maxFieldLen/4)+"*\n"+span(f[1], maxFieldLen/2)))
	}
	if len(fields) > 0 {
		c.blocks = append(c.blocks, slack.NewSectionBlock(nil, fields, nil))
	}
}

// verbatim keeps Slack from making links and mentions of plain text.
func verbatim(mrkdwn string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, mrkdwn, false, true)
}

func mention(e Event, group string) string {
	if group == "" || !e.Security {
		return ""
	}
	return "<!subteam^" + clean(group) + "> "
}

// link is the pull request's number and title; one whose address is not plain is not a link.
func link(pr *PullRequest) string {
	if pr == nil {
		return ""
	}
	name := escape(fmt.Sprintf("#%d %s", pr.Number, clean(pr.Title)), maxSection/4)
	u, err := url.Parse(pr.URL)
	address := escape(pr.URL, maxURL/2)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(pr.URL, "|<>\" \n\t") || len(address) != len(escape(pr.URL, maxURL)) {
		return "*" + name + "*"
	}
	return "*<" + address + "|" + name + ">*"
}

// missing lists the images, the first of them if they are many.
func missing(e Event) string {
	if len(e.Missing) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("Missing:")
	for i, m := range e.Missing {
		if i == maxListed {
			fmt.Fprintf(&b, "\n• and %d more", len(e.Missing)-maxListed)
			break
		}
		b.WriteString("\n• " + span(m, maxSection/maxListed-20))
	}
	return b.String()
}

// span is a text in code that it can't leave.
func span(s string, most int) string {
	return "`" + escape(strings.ReplaceAll(clean(s), "`", "'"), most-2) + "`"
}

// pre is a block of code that its text can't leave.
func pre(s string) string {
	if s = strings.ReplaceAll(cleanLines(s), "`", "'"); s == "" {
		return ""
	}
	return "```\n" + escape(s, maxSection-10) + "\n```"
}

// escape makes a stranger's text mean itself: no markup of links and mentions, no @here that a client might take up, at
// most that many characters in the end.
func escape(s string, most int) string {
	return shorten(names.Replace(s), most, markup.Replace)
}

// names parts the @ from the names that ping a whole channel; markup is what Slack asks to escape, and all of it.
var names = strings.NewReplacer("@here", "@\u2060here", "@channel", "@\u2060channel", "@everyone", "@\u2060everyone", "@group", "@\u2060group")

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// cut shortens a plain text.
func cut(s string, most int) string {
	return shorten(s, most, func(s string) string { return s })
}

// shorten writes a text one character after the other, and ends it with … where the next would be too many.
func shorten(s string, most int, write func(string) string) string {
	var b strings.Builder
	length, fits := 0, 0 // fits: up to where there is room for the …
	for _, r := range s {
		piece := write(string(r))
		if length += units(piece); length > most {
			return b.String()[:fits] + "…"
		}
		if b.WriteString(piece); length < most {
			fits = b.Len()
		}
	}
	return b.String()
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }
