package slacktest

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf16"
)

// maxMessage is the length from which on Slack refuses a text.
const maxMessage = 40_000

func (s *Server) postMessage(args url.Values) (reply, error) {
	if err := only(args, "channel", "text", "blocks", "thread_ts", "reply_broadcast", "unfurl_links", "unfurl_media", "parse", "mrkdwn"); err != nil {
		return nil, err
	}
	channel, err := s.channel(args.Get("channel"), true)
	if err != nil {
		return nil, err
	}
	m := &Message{Channel: channel, ThreadTS: args.Get("thread_ts"), Broadcast: args.Get("reply_broadcast") == "true"}
	if err := m.fill(args); err != nil {
		return nil, err
	}
	if parent := s.find(channel, m.ThreadTS); m.ThreadTS != "" && parent == nil {
		m.ThreadTS = "" // a reply to a deleted message becomes a message of its own
	}
	if m.Broadcast && m.ThreadTS == "" {
		return nil, refuse("invalid_arguments", "[ERROR] reply_broadcast needs thread_ts")
	}
	return s.post(m).reply(), nil
}

func (s *Server) update(args url.Values) (reply, error) {
	if err := only(args, "channel", "ts", "text", "blocks", "unfurl_links", "unfurl_media", "parse"); err != nil {
		return nil, err
	}
	channel, err := s.channel(args.Get("channel"), false)
	if err != nil {
		return nil, err
	}
	m := s.find(channel, args.Get("ts"))
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.Webhook:
		return nil, refuse("cant_update_message")
	}
	changed := *m
	if err := changed.fill(args); err != nil {
		return nil, err
	}
	*m = changed
	m.Edits++
	return m.reply(), nil
}

func (s *Server) permalink(args url.Values) (reply, error) {
	channel, err := s.channel(args.Get("channel"), false)
	if err != nil {
		return nil, err
	}
	ts := args.Get("message_ts")
	if s.find(channel, ts) == nil {
		return nil, refuse("message_not_found")
	}
	return reply{"channel": channel, "permalink": s.URL() + "/archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")}, only(args, "channel", "message_ts")
}

// fill takes text and blocks from arguments.
func (m *Message) fill(args url.Values) error {
	if p := args.Get("parse"); p != "" && p != "none" {
		return refuse("invalid_arguments", "[ERROR] parse="+p+" lets anybody ping everybody")
	}
	var blocks []json.RawMessage
	if raw := args.Get("blocks"); raw != "" && json.Unmarshal([]byte(raw), &blocks) != nil {
		return refuse("invalid_blocks_format")
	}
	return m.content(args.Get("text"), blocks)
}

func (m *Message) content(text string, blocks []json.RawMessage) error {
	switch mistakes := checkBlocks(blocks); {
	case text == "" && len(blocks) == 0:
		return refuse("no_text")
	case len(mistakes) > 0:
		return refuse("invalid_blocks", mistakes...)
	case len(utf16.Encode([]rune(text))) > maxMessage:
		return refuse("msg_too_long")
	}
	m.Text, m.Blocks = text, blocks
	return nil
}

func (m *Message) reply() reply {
	message := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "bot_id": "B0"}
	if m.ThreadTS != "" {
		message["thread_ts"] = m.ThreadTS
	}
	return reply{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": message}
}
