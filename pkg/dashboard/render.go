package dashboard

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/history"
)

// parsed are the templates, parsed when the first page is asked for: a program
// that serves none does not pay for them.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Funcs(words()).ParseFS(files, "templates/*.html")
})

// frame is what every page has.
type frame struct {
	// Title of the page, and the name of its template.
	Title, Template string
	// Trail leads back, without the page itself.
	Trail []link
	// Refreshing tells that the page is loaded anew by itself; Toggle is where
	// it is not, or is again.
	Refreshing bool
	Every      string
	Toggle     string
	// At is when it was made.
	At      time.Time
	Version string
	Body    any
}

type link struct{ Text, Href string }

// render writes a page, or says that it could not.
func (d *dashboard) render(w http.ResponseWriter, r *http.Request, code int, f frame) {
	f.At, f.Version = d.Now().UTC(), d.Version
	f.Refreshing, f.Every = r.URL.Query().Get("refresh") != "off", history.Span(d.Refresh)
	f.Toggle = toggled(r, f.Refreshing)

	var page bytes.Buffer

	all, err := parsed()
	if err == nil {
		err = all.ExecuteTemplate(&page, "frame", f)
	}

	if err != nil {
		http.Error(w, fmt.Sprintf("this page could not be made, which is a defect of the bot: %v", err), http.StatusInternalServerError)

		return
	}

	if f.Refreshing && code == http.StatusOK {
		// A header and no <meta>: the address with its filters stays, and what
		// a person turned off stays off.
		w.Header().Set("Refresh", strconv.Itoa(int(d.Refresh/time.Second)))
	}

	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(page.Bytes())
}

// toggled is the address of this page with the refreshing turned around.
func toggled(r *http.Request, refreshing bool) string {
	q := r.URL.Query()
	q.Del("refresh")

	if refreshing {
		q.Set("refresh", "off")
	}

	return "?" + q.Encode()
}

func (d *dashboard) nothing(w http.ResponseWriter, r *http.Request) {
	d.render(w, r, http.StatusNotFound, frame{Title: "There is no such page", Template: "nothing", Trail: home()})
}

func home() []link { return []link{{"Applications", "/"}} }
