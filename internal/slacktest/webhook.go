package slacktest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// payload is what an incoming webhook takes here.
type payload struct {
	Text            string            `json:"text"`
	Blocks          []json.RawMessage `json:"blocks"`
	ThreadTS        string            `json:"thread_ts"`
	ReplyBroadcast  bool              `json:"reply_broadcast"`
	Parse           string            `json:"parse"`
	UnfurlLinks     *bool             `json:"unfurl_links"`
	UnfurlMedia     *bool             `json:"unfurl_media"`
	ReplaceOriginal bool              `json:"replace_original"`
	DeleteOriginal  bool              `json:"delete_original"`
}

func (s *Server) webhook(r *http.Request, path string, body []byte) (reply, error) {
	if r.Method != http.MethodPost || path != s.options.Webhook {
		return nil, refuse("no_service")
	}
	var p payload
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil || p.Parse != "" && p.Parse != "none" {
		return nil, refuse("invalid_payload")
	}
	m := &Message{Webhook: true, ThreadTS: p.ThreadTS, Broadcast: p.ReplyBroadcast}
	if err := m.content(p.Text, p.Blocks); err != nil {
		return nil, err
	}
	s.post(m)
	return nil, nil
}

// writeWebhook answers in plain text: a webhook says ok, or the word alone, and never where a message went.
func writeWebhook(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err == nil {
		_, _ = w.Write([]byte("ok"))
		return
	}
	status := http.StatusBadRequest
	word := asRefusal(err).word
	if word == "no_service" {
		status = http.StatusNotFound
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(word))
}
