package check

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/wire"
)

// failure is the outcome of a check whose request failed.
func failure(err error, now time.Time) Outcome {
	o := outcome(CauseUnexpected, Facts{})
	for _, k := range jumpCloudCauses {
		if errors.Is(err, k.kind) {
			o = outcome(k.cause, Facts{})
			break
		}
	}
	var e *wire.Error
	if !errors.As(err, &e) {
		return o
	}
	for name, value := range map[string]string{"Field": e.Field, "RequestID": e.RequestID, "Owner": e.Owner, "Target": e.Target,
		"Resource": e.Resource, "Setting": e.Setting, "Proxy": e.Proxy, "Flaw": flaws[e.Flaw]} {
		if value != "" {
			o.Facts[name] = printable.Line(value)
		}
	}
	if e.Err != nil {
		o.Facts["Detail"] = e.Err.Error()
	}
	if e.Status != 0 {
		o.Facts["Status"] = strconv.Itoa(e.Status)
	}
	if e.Tries > 0 {
		o.Facts["Tries"] = strconv.Itoa(e.Tries)
	}
	if e.RetryAfter > 0 {
		o.Facts["Seconds"] = strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds())))
		o.Facts["Until"] = moment(now.Add(e.RetryAfter))
	}
	if e.Certificate != nil {
		return certificateFailure(o, e, now)
	}
	return o
}

// flaws are the flaws of a proxy's certificate that have words of their own. With any other flaw it is not trusted.
var flaws = map[error]string{wire.ErrCertificateName: "name", wire.ErrCertificateForm: "form",
	wire.ErrCertificateTime: "time", wire.ErrCertificateUnreadable: "unreadable"}

// certificateFailure adds the facts about a certificate that was not accepted. If it is not valid yet, this computer's clock is
// behind: nobody issues certificates for the future.
func certificateFailure(o Outcome, e *wire.Error, now time.Time) Outcome {
	c := e.Certificate
	if o.Cause == CauseCertificateExpired && now.Before(c.NotBefore) {
		o = outcome(CauseClockBehind, o.Facts)
		o.Facts["Off"] = c.NotBefore.Sub(now).Round(time.Second).String()
	}
	names := wire.CertificateNames(c)
	o.Facts["Issuer"] = lineOf(c.Issuer.CommonName, first(c.Issuer.Organization), c.Issuer.String())
	o.Facts["Names"] = printable.Line(strings.Join(names[:min(len(names), 3)], ", "))
	o.Facts["Expired"], o.Facts["Now"] = moment(c.NotAfter), moment(now)
	if e.Issuing {
		o.Facts["Issuing"] = lineOf(c.Subject.CommonName, first(c.Subject.Organization), c.Subject.String())
	}
	return o
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// lineOf returns the first text that shows something, made short and printable. The texts come from outside.
func lineOf(all ...string) string {
	for _, text := range all {
		if line := printable.Line(text); line != "" {
			return line
		}
	}
	return ""
}

// moment writes a time as facts hold it.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
