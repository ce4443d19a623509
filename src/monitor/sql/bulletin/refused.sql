-- One row per delivery that was refused on the night. Key: delivery.
select delivery, extract, reason from warehouse.ledger where as_of = getvariable('as_of') and state = 'refused'
