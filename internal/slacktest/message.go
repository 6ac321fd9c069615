package slacktest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Message is one message of a channel.
type Message struct {
	// Channel is its id; empty for the webhook's.
	Channel string
	// TS is its id within the channel.
	TS string
	// ThreadTS is the message that it replies to; empty: none.
	ThreadTS string
	// Text is the fallback.
	Text string
	// Blocks as they were sent.
	Blocks []json.RawMessage
	// Broadcast says whether a reply is shown in the channel too.
	Broadcast bool
	// Edits counts updates.
	Edits int
	// Webhook says that it came by the webhook.
	Webhook bool
}

// pingPattern is what makes Slack notify people: a command, a user or a group. Plain @here does not, unless a message
// asks for parse=full or link_names, and those are refused.
var pingPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<(?:!(?:here|channel|everyone)|!subteam\^[A-Z0-9]+|@[A-Z0-9]+)(?:\|[^>]*)?>`)
})

// Pings lists what in the message makes Slack notify people. Plain text is not markup, so nothing in it does.
func (m Message) Pings() []string {
	pings := pingPattern().FindAllString(m.Text, -1)
	for _, t := range m.texts() {
		if t.Type == "mrkdwn" {
			pings = append(pings, pingPattern().FindAllString(t.Text, -1)...)
		}
	}
	return pings
}

// Plain is the message as a person reads it, without markup, a line a text.
func (m Message) Plain() string {
	unescape := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	var lines []string
	for _, t := range m.texts() {
		line := t.Text
		if t.Type == "mrkdwn" {
			line = unescape.Replace(line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// texts collects the texts of the blocks in order.
func (m Message) texts() []text {
	var all []text
	for _, raw := range m.Blocks {
		var b block
		if json.Unmarshal(raw, &b) != nil {
			continue // it was checked when it came
		}
		all = append(all, b.allTexts()...)
	}
	return all
}

// post adds a message.
func (s *Server) post(m *Message) *Message {
	s.sequence++
	m.TS = fmt.Sprintf("%d.%06d", s.options.Now().Unix(), s.sequence)
	s.messages = append(s.messages, m)
	return m
}

func (s *Server) find(channel, ts string) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.TS == ts {
			return m
		}
	}
	return nil
}
