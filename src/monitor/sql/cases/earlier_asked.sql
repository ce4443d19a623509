-- One row per earlier hit that does not hit tonight: what has to be judged again, because clear and unknown differ.
-- Key: indicator, subject.
select earlier.indicator, earlier.subject
from cases.earlier_hit as earlier
anti join hits.hit as tonight on tonight.indicator = earlier.indicator and tonight.subject = earlier.subject
