package slacktest

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// reply is the body of a Web API answer.
type reply map[string]any

// call is one method of the Web API.
func (s *Server) call(r *http.Request, method string, body []byte) (reply, error) {
	methods := map[string]func(url.Values) (reply, error){
		"auth.test":          s.authTest,
		"chat.postMessage":   s.postMessage,
		"chat.update":        s.update,
		"chat.getPermalink":  s.permalink,
		"conversations.info": s.conversation,
	}
	f, known := methods[method]
	if !known {
		return nil, refuse("unknown_method")
	}
	args, err := arguments(r, body)
	if err != nil {
		return nil, err
	}
	token := args.Get("token")
	if header, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = header
	}
	switch token {
	case s.options.Token:
	case "":
		return nil, refuse("not_authed")
	default:
		return nil, refuse("invalid_auth")
	}
	args.Del("token")
	return f(args)
}

// arguments reads a form or a JSON object; slack-go sends either.
func arguments(r *http.Request, body []byte) (url.Values, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method == http.MethodGet:
		return r.URL.Query(), nil
	case err != nil:
		return nil, refuse("invalid_post_type")
	case media == "application/x-www-form-urlencoded":
		args, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, refuse("invalid_form_data")
		}
		return args, nil
	case media == "application/json":
		return jsonArguments(body)
	}
	return nil, refuse("invalid_post_type")
}

func jsonArguments(body []byte) (url.Values, error) {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return nil, refuse("invalid_json")
	}
	args := url.Values{}
	for k, raw := range object {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		args.Set(k, text)
	}
	return args, nil
}

// only refuses arguments that the stand-in has no meaning for, so that nothing is tested that Slack would see otherwise.
func only(args url.Values, known ...string) error {
	for k := range args {
		if !slices.Contains(known, k) {
			return refuse("invalid_arguments", "[ERROR] the stand-in does not know "+k)
		}
	}
	return nil
}

func (s *Server) authTest(args url.Values) (reply, error) {
	return reply{"url": s.URL() + "/", "team": "Stand-in", "user": "bot", "team_id": "T0", "user_id": "U0", "bot_id": "B0"}, only(args)
}

func (s *Server) conversation(args url.Values) (reply, error) {
	id, err := s.channel(args.Get("channel"), false)
	if err != nil {
		return nil, err
	}
	for name, known := range s.options.Channels {
		if known == id {
			return reply{"channel": map[string]any{"id": id, "name": name, "is_channel": true, "is_member": true}}, only(args, "channel", "include_locale", "include_num_members")
		}
	}
	return nil, refuse("channel_not_found")
}

// channel returns a channel's id. Posting takes its name too, nothing else does.
func (s *Server) channel(given string, byName bool) (string, error) {
	for name, id := range s.options.Channels {
		if given == id || byName && strings.TrimPrefix(given, "#") == name {
			return id, nil
		}
	}
	return "", refuse("channel_not_found")
}

func (r reply) write(w http.ResponseWriter, err error) {
	if err != nil {
		refused := asRefusal(err)
		r = reply{"error": refused.word}
		if len(refused.details) > 0 {
			r["errors"], r["response_metadata"] = refused.details, map[string]any{"messages": refused.details}
		}
	}
	r["ok"] = err == nil
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(r) // a client that is gone needs no answer
}
