package slacktest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
)

// text is a text object.
type text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim *bool  `json:"verbatim,omitempty"`
	Emoji    *bool  `json:"emoji,omitempty"`
}

// element is an element of an actions block, or an accessory.
type element struct {
	text
	Label    text   `json:"-"`
	ActionID string `json:"action_id"`
	URL      string `json:"url"`
	Value    string `json:"value"`
	Style    string `json:"style"`
}

// UnmarshalJSON: a button's text is an object, a context's element is a text itself.
func (e *element) UnmarshalJSON(raw []byte) error {
	var shape struct {
		Type     string          `json:"type"`
		Text     json.RawMessage `json:"text"`
		ActionID string          `json:"action_id"`
		URL      string          `json:"url"`
		Value    string          `json:"value"`
		Style    string          `json:"style"`
	}
	if err := json.Unmarshal(raw, &shape); err != nil {
		return err
	}
	e.ActionID, e.URL, e.Value, e.Style = shape.ActionID, shape.URL, shape.Value, shape.Style
	if shape.Type != "button" {
		return json.Unmarshal(raw, &e.text)
	}
	e.Type = shape.Type
	return json.Unmarshal(shape.Text, &e.Label)
}

// block is a layout block.
type block struct {
	Type      string    `json:"type"`
	BlockID   string    `json:"block_id"`
	Text      *text     `json:"text"`
	Fields    []text    `json:"fields"`
	Elements  []element `json:"elements"`
	Accessory *element  `json:"accessory"`
}

func (b block) allTexts() []text {
	var all []text
	if b.Text != nil {
		all = append(all, *b.Text)
	}
	all = append(all, b.Fields...)
	for _, e := range b.Elements {
		if e.Type == "button" {
			all = append(all, e.Label)
			continue
		}
		all = append(all, e.text)
	}
	return all
}

// The limits of Block Kit. Lengths are counted in UTF-16 code units, the strictest reading of "characters".
const (
	maxBlocks      = 50
	maxHeader      = 150
	maxSection     = 3000
	maxFields      = 10
	maxField       = 2000
	maxContext     = 10
	maxActions     = 25
	maxButtonText  = 75
	maxButtonURL   = 3000
	maxButtonValue = 2000
	maxID          = 255
)

// checkBlocks returns what Slack would say about them, one sentence a mistake.
func checkBlocks(raw []json.RawMessage) []string {
	c := &checker{ids: map[string]bool{}}
	if len(raw) > maxBlocks {
		c.sayf("", "no more than %d items allowed", maxBlocks)
	}
	for i, r := range raw {
		at := fmt.Sprintf("/blocks/%d", i)
		var b block
		if err := json.Unmarshal(r, &b); err != nil {
			c.sayf(at, "invalid block")
			continue
		}
		c.block(at, b)
	}
	return c.mistakes
}

// checker collects mistakes.
type checker struct {
	mistakes []string
	ids      map[string]bool
}

func (c *checker) sayf(at, format string, args ...any) {
	c.mistakes = append(c.mistakes, fmt.Sprintf("[ERROR] "+format, args...)+" [json-pointer:"+at+"]")
}

func (c *checker) block(at string, b block) {
	if b.BlockID != "" && c.ids[b.BlockID] {
		c.sayf(at+"/block_id", "block_id must be unique")
	}
	c.ids[b.BlockID] = true
	c.length(at+"/block_id", b.BlockID, 0, maxID)
	switch b.Type {
	case "header":
		c.text(at+"/text", b.Text, maxHeader, "plain_text")
	case "section":
		c.section(at, b)
	case "context":
		c.count(at+"/elements", len(b.Elements), 1, maxContext)
		for i, e := range b.Elements {
			c.text(fmt.Sprintf("%s/elements/%d", at, i), &e.text, maxSection, "mrkdwn", "plain_text")
		}
	case "actions":
		c.count(at+"/elements", len(b.Elements), 1, maxActions)
		for i, e := range b.Elements {
			c.button(fmt.Sprintf("%s/elements/%d", at, i), e)
		}
	case "divider":
	default:
		c.sayf(at+"/type", "unsupported type: %s", b.Type)
	}
}

func (c *checker) section(at string, b block) {
	if b.Text == nil && len(b.Fields) == 0 {
		c.sayf(at, "missing required field: text or fields")
	}
	if b.Text != nil {
		c.text(at+"/text", b.Text, maxSection, "mrkdwn", "plain_text")
	}
	c.count(at+"/fields", len(b.Fields), 0, maxFields)
	for i, f := range b.Fields {
		c.text(fmt.Sprintf("%s/fields/%d", at, i), &f, maxField, "mrkdwn", "plain_text")
	}
	if b.Accessory != nil {
		c.button(at+"/accessory", *b.Accessory)
	}
}

func (c *checker) button(at string, e element) {
	if e.Type != "button" {
		c.sayf(at+"/type", "unsupported type: %s", e.Type)
		return
	}
	c.text(at+"/text", &e.Label, maxButtonText, "plain_text")
	c.length(at+"/url", e.URL, 0, maxButtonURL)
	c.length(at+"/value", e.Value, 0, maxButtonValue)
	c.length(at+"/action_id", e.ActionID, 0, maxID)
	if u, err := url.Parse(e.URL); e.URL != "" && (err != nil || u.Host == "") {
		c.sayf(at+"/url", "invalid url")
	}
}

func (c *checker) text(at string, t *text, most int, types ...string) {
	if t == nil {
		c.sayf(at, "missing required field: text")
		return
	}
	if !strings.Contains(" "+strings.Join(types, " ")+" ", " "+t.Type+" ") {
		c.sayf(at+"/type", "must be one of %s", strings.Join(types, ", "))
	}
	if t.Type == "plain_text" && t.Verbatim != nil {
		c.sayf(at+"/verbatim", "is not allowed in plain_text")
	}
	c.length(at+"/text", t.Text, 1, most)
}

func (c *checker) length(at, s string, least, most int) {
	switch n := len(utf16.Encode([]rune(s))); {
	case n > most:
		c.sayf(at, "must be less than %d characters", most+1)
	case n < least:
		c.sayf(at, "must be more than %d characters", least-1)
	}
}

func (c *checker) count(at string, n, least, most int) {
	switch {
	case n > most:
		c.sayf(at, "no more than %d items allowed", most)
	case n < least:
		c.sayf(at, "no less than %d items allowed", least)
	}
}
