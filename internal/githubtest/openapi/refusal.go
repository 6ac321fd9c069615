package openapi

import (
	"encoding/json"
	"net/http/httptest"
)

// refusal checks an error that the description does not list for the
// operation against GitHub's one shape for errors, its schema "basic-error".
func (v *checker) refusal(name string, answer *httptest.ResponseRecorder) {
	var basic struct {
		Message          *string `json:"message"`
		DocumentationURL *string `json:"documentation_url"`
	}

	err := json.Unmarshal(answer.Body.Bytes(), &basic)
	if err != nil || basic.Message == nil || basic.DocumentationURL == nil {
		v.violations.addf("%s: answer %d is not listed and not of GitHub's shape for errors: %s", name, answer.Code, answer.Body)
	}
}
